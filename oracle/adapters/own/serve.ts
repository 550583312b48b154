/** What both adapters do beside answering: they read lines, write lines, and refuse wrong arguments. */

/** Wrong arguments: one line on stderr. */
export const usage = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(2);
};

/** What `parse` reads from the arguments; what it throws is told as wrong use. */
export const argumentsOf = <Given>(parse: () => Given): Given => {
  try {
    return parse();
  } catch (thrown) {
    return usage(thrown instanceof Error ? thrown.message : "wrong arguments");
  }
};

/** One reply for each line of stdin, in their order; null ends the conversation. */
export const serve = (replyTo: (line: string) => object | null): void => {
  let text = "";
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (chunk: string) => {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    let replies = "";
    for (const line of lines) {
      const reply = replyTo(line);
      if (reply === null) process.stdin.destroy();
      else replies += `${JSON.stringify(reply)}\n`;
    }
    process.stdout.write(replies);
  });
};
