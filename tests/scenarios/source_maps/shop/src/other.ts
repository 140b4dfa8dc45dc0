// Nobody calls these: they only make the bundler choose other names.
export function refund(amount: number) {
  return -amount;
}

console.debug([1, 2].map(refund), ["a"].map(function again(text): string { return text + again.name; }));
