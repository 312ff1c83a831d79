"use strict";
for (const table of document.querySelectorAll("table.triable")) {
  const body = table.tBodies[0];
  const places = Array.from(body.rows);
  table.tHead.querySelectorAll("th").forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.querySelectorAll("th")) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column]?.dataset.tri ?? row.cells[column]?.textContent ?? "";
      const sorted = places.slice().sort((a, b) =>
        key(a).localeCompare(key(b), "fr", { numeric: true, sensitivity: "base" }));
      body.replaceChildren(...(down ? sorted.reverse() : sorted));
    });
  });
}
