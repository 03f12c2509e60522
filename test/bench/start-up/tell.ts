/** In the child: where it listens, then, when asked, the CPU milliseconds that it has used. */
export function tellParent(url: string): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1000);
  });
  process.on('disconnect', () => process.exit());
  process.send?.(url);
}
