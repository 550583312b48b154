/**
 * The tree a device tree source describes: bodies merged in order, deletions done, labels known.
 *
 * As `dtc` does: a later body for a node that exists adds to it and overrides its properties; one
 * body must not name a property or a node twice; a label belongs to one node.
 */
import { match } from "ts-pattern";
import { refuse } from "../input-error.ts";
import {
  type BodyItem,
  type PropertyItem,
  type Reference,
  readSyntax,
  type TopItem,
} from "./device-tree-syntax.ts";

export type DeviceNode = {
  /** With its unit address, as in `memory@80000000`; the root's is empty. */
  readonly name: string;
  /** Where the node is first written; counts from 1. */
  readonly line: number;
  readonly parent: DeviceNode | undefined;
  readonly properties: ReadonlyMap<string, PropertyItem>;
  readonly children: ReadonlyMap<string, DeviceNode>;
};

export type DeviceTree = {
  readonly file: string;
  readonly root: DeviceNode;
  readonly labels: ReadonlyMap<string, DeviceNode>;
};

/** A {@link DeviceNode} under construction. */
type GrowingNode = {
  readonly name: string;
  readonly line: number;
  readonly parent: GrowingNode | undefined;
  readonly properties: Map<string, PropertyItem>;
  readonly children: Map<string, GrowingNode>;
};

function newNode(name: string, line: number, parent: GrowingNode | undefined): GrowingNode {
  return { name, line, parent, properties: new Map(), children: new Map() };
}

/** A reference as it is written. */
export function writtenReference(reference: Reference): string {
  return reference.kind === "label-reference" ? `&${reference.name}` : `&{${reference.name}}`;
}

class TreeBuilder {
  readonly root: GrowingNode;
  readonly labels = new Map<string, GrowingNode>();
  readonly #file: string;

  constructor(file: string, rootLine: number) {
    this.#file = file;
    this.root = newNode("", rootLine, undefined);
  }

  addTop(item: TopItem): void {
    match(item)
      .with({ kind: "root" }, ({ labels, line, body }) => {
        this.#addLabels(this.root, labels, line);
        this.#addBody(this.root, body);
      })
      .with({ kind: "extend" }, ({ labels, line, to, body }) => {
        const node = this.#find(to);
        this.#addLabels(node, labels, line);
        this.#addBody(node, body);
      })
      .with({ kind: "delete-reference" }, ({ to }) => this.#delete(this.#find(to)))
      .with({ kind: "ignored" }, () => undefined)
      .exhaustive();
  }

  #find(to: Reference): GrowingNode {
    const node =
      to.kind === "label-reference" ? this.labels.get(to.name) : nodeAtPath(this.root, to.name);
    if (node !== undefined) return node;
    const place = { file: this.#file, line: to.line, field: writtenReference(to) };
    return refuse(place, "a node written above", "none of that name");
  }

  #addLabels(node: GrowingNode, labels: readonly string[], line: number): void {
    for (const label of labels) {
      const owner = this.labels.get(label);
      if (owner !== undefined && owner !== node) {
        const place = { file: this.#file, line, field: `${label}:` };
        refuse(place, "a label of one node", `it at "${owner.name}" on line ${owner.line} too`);
      }
      this.labels.set(label, node);
    }
  }

  #addBody(node: GrowingNode, body: readonly BodyItem[]): void {
    const seen = new Map<string, number>();
    for (const item of body) {
      const key = `${item.kind} ${item.name}`;
      const earlier = seen.get(key);
      if (earlier !== undefined && (item.kind === "node" || item.kind === "property")) {
        const place = { file: this.#file, line: item.line, field: item.name };
        refuse(place, `one ${item.kind} of this name in a body`, `another on line ${earlier}`);
      }
      seen.set(key, item.line);
      if (item.kind === "delete-node") seen.delete(`node ${item.name}`);
      if (item.kind === "delete-property") seen.delete(`property ${item.name}`);
      match(item)
        .with({ kind: "property" }, (property) => node.properties.set(property.name, property))
        .with({ kind: "delete-property" }, ({ name }) => node.properties.delete(name))
        .with({ kind: "delete-node" }, ({ name }) => {
          const child = node.children.get(name);
          if (child !== undefined) this.#delete(child);
        })
        .with({ kind: "node" }, ({ name, line, labels, body: inner }) => {
          const child = node.children.get(name) ?? newNode(name, line, node);
          node.children.set(name, child);
          this.#addLabels(child, labels, line);
          this.#addBody(child, inner);
        })
        .exhaustive();
    }
  }

  #delete(node: GrowingNode): void {
    if (node.parent === undefined) {
      node.properties.clear();
      node.children.clear();
      this.labels.clear();
      return;
    }
    node.parent.children.delete(node.name);
    const gone = new Set<DeviceNode>(nodesOf(node));
    for (const [label, owner] of this.labels) if (gone.has(owner)) this.labels.delete(label);
  }
}

function nodeAtPath<T extends { readonly children: ReadonlyMap<string, T> }>(
  root: T,
  path: string,
): T | undefined {
  if (!path.startsWith("/")) return undefined;
  let node: T | undefined = root;
  for (const name of path.split("/").filter((part) => part !== "")) node = node?.children.get(name);
  return node;
}

/** A node and all below it, in the order of the file. */
export function* nodesOf(node: DeviceNode): Generator<DeviceNode> {
  yield node;
  for (const child of node.children.values()) yield* nodesOf(child);
}

/** The node a reference names, or nothing. */
export function findNode(tree: DeviceTree, to: Reference): DeviceNode | undefined {
  return to.kind === "label-reference" ? tree.labels.get(to.name) : nodeAtPath(tree.root, to.name);
}

/**
 * Reads a source into its tree.
 *
 * @throws RefusedInput for the first mistake of syntax, reference or duplication
 */
export function readDeviceTree(text: string, file: string): DeviceTree {
  const items = readSyntax(text, file);
  const firstRoot = items.find((item) => item.kind === "root");
  if (firstRoot === undefined) {
    return refuse({ file, line: 1, field: "/" }, "a root node, / { ... };", "none");
  }
  const builder = new TreeBuilder(file, firstRoot.line);
  for (const item of items) builder.addTop(item);
  return { file, root: builder.root, labels: builder.labels };
}
