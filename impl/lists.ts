/**
 * Doubly linked lists through fixed links, one pair for each node: a node is in one list at most,
 * and every change is a few stores. With no nodes at all (sets instead of lists) nothing is kept.
 */
import { type Cutter, word } from "./columns.ts";

export class Lists {
  private readonly nodes: number;
  /** By node; the heads and tails of the lists lie behind the nodes, as if they were nodes. */
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly lengths: Int32Array;

  constructor(nodes: number, lists: number, cut: Cutter) {
    this.nodes = nodes;
    const entries = nodes > 0 ? nodes + lists : 0;
    this.next = cut.words(entries);
    this.previous = cut.words(entries);
    this.lengths = cut.words(nodes > 0 ? lists : 0);
  }

  /** Is there any order at all? */
  get kept(): boolean {
    return this.nodes > 0;
  }

  clear(): void {
    this.lengths.fill(0);
    for (let entry = this.nodes; entry < this.next.length; entry++) {
      this.next[entry] = entry;
      this.previous[entry] = entry;
    }
  }

  lengthOf(list: number): number {
    return word(this.lengths, list);
  }

  /** The first node, or -1. */
  first(list: number): number {
    const node = word(this.next, this.nodes + list);
    return node < this.nodes ? node : -1;
  }

  /** The node behind this one in its list, or -1. */
  after(node: number): number {
    const next = word(this.next, node);
    return next < this.nodes ? next : -1;
  }

  addFirst(list: number, node: number): void {
    const head = this.nodes + list;
    this.link(head, node, word(this.next, head));
    this.lengths[list] = this.lengthOf(list) + 1;
  }

  addLast(list: number, node: number): void {
    const head = this.nodes + list;
    this.link(word(this.previous, head), node, head);
    this.lengths[list] = this.lengthOf(list) + 1;
  }

  remove(list: number, node: number): void {
    const before = word(this.previous, node);
    const behind = word(this.next, node);
    this.next[before] = behind;
    this.previous[behind] = before;
    this.lengths[list] = this.lengthOf(list) - 1;
  }

  private link(before: number, node: number, behind: number): void {
    this.next[before] = node;
    this.previous[node] = before;
    this.next[node] = behind;
    this.previous[behind] = node;
  }
}
