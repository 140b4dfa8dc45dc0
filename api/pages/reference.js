// Shows ../api/openapi.json. Everything goes in as text, never as HTML.
"use strict";

const DEEPEST = 3;
let whole = {};

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

const resolved = (schema) => {
  const name = (schema.$ref || "").replace("#/components/schemas/", "");
  return name ? { ...whole.components.schemas[name], named: name } : schema;
};

const kindOf = (schema) => {
  const one = resolved(schema);
  if (one.enum) return one.enum.join(" | ");
  if (one.anyOf) return one.anyOf.map(kindOf).join(" or ");
  const kinds = [one.type || "any"].flat();
  return kinds.map((kind) => (kind === "array" && one.items && !Array.isArray(one.type) ? `array of ${kindOf(one.items)}` : kind)).join(" or ");
};

// The object whose fields are worth a table: the schema itself, what it lists, or the first of its forms that has any.
const objectIn = (schema) => {
  const one = resolved(schema);
  if (one.properties) return one;
  if (one.items) return objectIn(one.items);
  for (const form of one.anyOf || []) {
    const found = objectIn(form);
    if (found) return found;
  }
  return null;
};

const prose = (text) =>
  element("span", {}, ...(text || "").split("`").map((part, place) => (place % 2 ? element("code", {}, part) : part)));

const fieldsOf = (schema, depth, seen) => {
  const needed = new Set(schema.required || []);
  const rows = Object.entries(schema.properties).map(([name, given]) => {
    const field = resolved(given);
    const inner = depth < DEEPEST ? objectIn(given) : null;
    const isNew = inner && !(inner.named && seen.has(inner.named));
    return element(
      "tr",
      {},
      element("td", {}, element("code", needed.has(name) ? { class: "needed" } : {}, name)),
      element("td", {}, kindOf(given)),
      element(
        "td",
        {},
        prose(given.description || field.description),
        isNew
          ? element("details", {}, element("summary", {}, "its fields"), fieldsOf(inner, depth + 1, new Set([...seen, inner.named])))
          : null,
      ),
    );
  });
  const head = element("tr", {}, ...["field", "kind", "what it is"].map((title) => element("th", {}, title)));
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
};

const copied = (text) =>
  element(
    "button",
    {
      class: "copy",
      type: "button",
      onclick: (event) => navigator.clipboard.writeText(text).then(() => (event.target.textContent = "copied")),
    },
    "copy",
  );

const block = (text) => element("div", {}, copied(text), element("pre", { tabindex: "0" }, element("code", {}, text)));

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

const command = (path, example) =>
  `curl -s ${quoted(location.origin + path)} -H "X-Tocsin-Key: $KEY" -H 'Content-Type: application/json' --data-binary ${quoted(JSON.stringify(example))}`;

const parametersOf = (parameters) =>
  fieldsOf(
    { properties: Object.fromEntries(parameters.map((one) => [one.name, { ...one.schema, description: `${one.in}: ${one.description}` }])) },
    DEEPEST,
    new Set(),
  );

const operation = (path, method, described) => {
  const contents = Object.entries(described.requestBody.content);
  const parts = contents.flatMap(([kind, content]) => {
    const body = objectIn(content.schema);
    return [
      element("h3", {}, "Body: ", element("code", {}, kind), ` ${kindOf(content.schema)}`),
      body ? fieldsOf(body, 0, new Set([body.named])) : element("p", {}, prose(content.schema.description)),
      content.example ? element("h3", {}, "Example") : null,
      content.example ? block(JSON.stringify(content.example, null, 2)) : null,
      content.example ? element("p", {}, "With the ingest key in ", element("code", {}, "KEY"), ":") : null,
      content.example ? block(command(path, content.example)) : null,
    ];
  });
  const answer = objectIn(described.responses["200"].content["application/json"].schema);
  return element(
    "section",
    { id: described.operationId },
    element("h2", {}, element("span", { class: "method" }, method.toUpperCase()), element("code", {}, path)),
    element("p", {}, prose(described.summary)),
    described.description ? element("p", {}, prose(described.description)) : null,
    ...(described.parameters ? [element("h3", {}, "In the address and the headers"), parametersOf(described.parameters)] : []),
    ...parts,
    element("h3", {}, "Answer"),
    fieldsOf(answer, 1, new Set()),
  );
};

const shown = (description) => {
  whole = description;
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ path, method, described })),
  );
  document.querySelector("nav").append(
    element("strong", {}, "Tocsin"),
    ...operations.map(({ path, described }) => element("a", { href: `#${described.operationId}` }, path)),
    element("a", { href: "openapi.json" }, "openapi.json"),
    element("a", { href: "docs/graphql" }, "GraphQL"),
  );
  document.querySelector("main").replaceChildren(
    element("h1", {}, description.info.title),
    element(
      "p",
      {},
      prose("The credential is an ingest key: `Authorization: Bearer …`, `X-Tocsin-Key: …`, or for webhooks `?key=…`. "),
      prose("What is wrong is told as problem details (RFC 9457). Fields with * are needed."),
    ),
    ...operations.map(({ path, method, described }) => operation(path, method, described)),
  );
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
};

fetch("openapi.json")
  .then((answer) => answer.json())
  .then(shown)
  .catch((error) => {
    document.querySelector("main").replaceChildren(element("p", { class: "notice" }, `The description cannot be read: ${error.message}`));
  });
