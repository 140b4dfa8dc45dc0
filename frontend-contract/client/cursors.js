// Whether a stream can go on where it broke off, read from the text of its operation.

const TOKENS = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\])*"|#.*|\.{3}|[$@]?\w+|[^\s,\uFEFF]/g;

/** The tokens, what stands in brackets as a list of its own; without comments and strings. */
const nested = (text) => {
  const open = [[]];
  for (const token of text.match(TOKENS) ?? []) {
    if ("{([".includes(token)) {
      const group = Object.assign([], { bracket: token });
      open.at(-1).push(group);
      open.push(group);
    } else if ("})]".includes(token)) {
      if (open.length > 1) open.pop();
    } else if (!/^["#]/.test(token)) {
      open.at(-1).push(token);
    }
  }
  return open[0];
};

const isSelection = (token) => token?.bracket === "{";

/** What a document defines: each a list that ends with its selection. */
const definitions = (text) => {
  const found = [[]];
  for (const token of nested(text)) {
    found.at(-1).push(token);
    if (isSelection(token)) found.push([]);
  }
  return found.filter((definition) => isSelection(definition.at(-1)));
};

/** The fields of a selection, those of its fragments among them, each with the type that it is selected of. */
function* fields(selection, fragments, type = null) {
  for (let at = 0; at < selection.length; at += 1) {
    const isSpread = selection[at] === "...";
    let named = [];
    if (isSpread && selection[at + 1] === "on") named = [null, selection[(at += 2)]];
    else if (isSpread && /^\w/.test(selection[at + 1])) named = [selection[(at += 1)]];
    else if (!isSpread && selection[at + 1] === ":") named = [selection[at], selection[(at += 2)]];
    else if (!isSpread) named = [selection[at], selection[at]];
    // Arguments and directives follow, then what is selected of it.
    while (selection[at + 1]?.[0] === "@" || (selection[at + 1]?.bracket ?? "{") !== "{") at += 1;
    const inner = isSelection(selection[at + 1]) ? selection[(at += 1)] : null;
    if (!isSpread) yield { type, key: named[0], name: named[1], inner };
    else if (inner) yield* fields(inner, fragments, named[1] ?? type);
    else yield* spread(named[0], fragments);
  }
}

/** The fields of a fragment that is defined apart, which may not have itself in it. */
function* spread(name, fragments) {
  const [, , , type, ...rest] = fragments.get(name) ?? [];
  const others = new Map([...fragments].filter(([other]) => other !== name));
  if (rest.length) yield* fields(rest.at(-1), others, type);
}

const isDeclaredIn = (operation) =>
  operation.some((given) => given.bracket === "(" && given.some((token, at) => token === "$after" && given[at + 1] === ":"));

/** Of which types the field of the root selects `cursor`, and of which it does not; null stands for all that it may be. */
const selecting = (root, fragments) => {
  const kept = new Map();
  for (const { type, key, name } of fields(root.inner, fragments)) {
    kept.set(type, kept.get(type) || (key === "cursor" && name === "cursor"));
  }
  const isOfAll = kept.get(null) ?? false;
  kept.delete(null);
  const without = isOfAll ? [] : [...kept.keys()].filter((type) => !kept.get(type));
  return { isSelected: isOfAll || without.length < kept.size, without };
};

/**
 * Whether the subscription goes on by `$after`, and what is wrong with it, so that after a break it would leave items out or bring them again.
 * What is no subscription at all is left to the server.
 */
export const readCursors = (text, operationName) => {
  const all = definitions(text);
  const fragments = new Map(all.filter(([kind]) => kind === "fragment").map((definition) => [definition[1], definition]));
  const operation = all.find(([kind, name]) => kind === "subscription" && (!operationName || name === operationName));
  const root = operation && fields(operation.at(-1), fragments).next().value;
  if (!root?.inner) return { isDeclared: false, wrong: null };
  const isDeclared = isDeclaredIn(operation);
  const { isSelected, without } = selecting(root, fragments);
  const wrong =
    isDeclared && !isSelected
      ? "It declares $after and does not select `cursor`: select it of every item."
      : isDeclared && without.length
        ? `It does not select \`cursor\` of ${without.join(" and ")}: select it of every item.`
        : isSelected && !isDeclared
          ? "It selects `cursor` and does not declare $after: declare `$after: Cursor`, and hand it to the field."
          : null;
  return { isDeclared, wrong };
};
