// Finds names in the list at the side; without it the list is whole.
"use strict";

const field = document.querySelector("nav input");
const parts = [...document.querySelectorAll("nav details")];
const opened = parts.map((part) => part.open);

field.hidden = false;
field.addEventListener("input", () => {
  const sought = field.value.trim().toLowerCase();
  parts.forEach((part, place) => {
    const links = [...part.querySelectorAll("a")];
    links.forEach((link) => (link.hidden = !link.textContent.toLowerCase().includes(sought)));
    part.hidden = links.every((link) => link.hidden);
    part.open = sought ? true : opened[place];
  });
});
