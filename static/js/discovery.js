// The questions of a section: rows of tables, answers that stand alone, marks on wrong fields, and a warning before unsaved
// entries are left. Saving itself is htmx's work; without any script the Save button does the same.
"use strict";

(() => {
  const block = (element) => element.closest && element.closest(".q");
  const changed = (element) => element.dispatchEvent(new Event("change", { bubbles: true }));

  function addRow(button) {
    const grid = button.closest(".q-grid");
    const rows = grid.querySelectorAll("tbody tr");
    const numbers = [...grid.querySelectorAll("tbody [name]")].map((cell) => Number(cell.name.split("-").at(-2))).filter(Number.isInteger);
    const next = String(Math.max(rows.length - 1, -1, ...numbers) + 1);
    const row = grid.querySelector("template").content.firstElementChild.cloneNode(true);
    for (const cell of row.querySelectorAll("[name], [id], [value]")) {
      for (const name of ["name", "id", "value"]) {
        if (cell.hasAttribute(name)) cell.setAttribute(name, cell.getAttribute(name).replace("__row__", next));
      }
    }
    grid.querySelector("tbody").append(row);
    uncheck(grid, "[data-alone]");
    row.querySelector("input, select").focus();
  }

  function removeRow(button) {
    const grid = button.closest(".q-grid");
    const row = button.closest("tr");
    const near = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    (near ? near.querySelector("input, select") : grid.querySelector("[data-add-row]")).focus();
    touch(block(grid));
    changed(grid);
  }

  function uncheck(scope, selector, except) {
    for (const box of scope.querySelectorAll(selector)) if (box !== except) box.checked = false;
  }

  // An option that stands alone (none, any, an exclusive option) takes the others away, and the other way round.
  function standAlone(input) {
    const value = input.closest(".q-value");
    if (!value || (input.type === "checkbox" && !input.checked)) return;
    if (input.hasAttribute("data-alone")) {
      uncheck(value, "input[type=checkbox]", input);
      for (const control of value.querySelectorAll(".q-ordered select, input.form-control")) control.value = "";
    } else if (input.value) {
      uncheck(value, "[data-alone]");
    }
  }

  // A list in order that may grow: one empty place at its end.
  function grow(list) {
    const last = list.lastElementChild;
    const select = last.querySelector("select");
    if (!select.value) return;
    const item = last.cloneNode(true);
    const added = item.querySelector("select");
    added.value = "";
    added.id = `${select.id}x`;
    added.setAttribute("aria-label", `Place ${list.children.length + 1}`);
    list.append(item);
  }

  // Which controls are wrong stands in the error element that the server sent.
  function mark(question) {
    const errors = question.querySelector(".q-errors");
    if (!errors) return;
    const wrong = new Set(errors.dataset.wrong.split(" ").filter(Boolean));
    for (const control of question.querySelectorAll("[name]")) {
      if (wrong.has(control.name)) {
        control.setAttribute("aria-invalid", "true");
        if (!control.getAttribute("aria-describedby")) control.setAttribute("aria-describedby", errors.id);
      } else {
        control.removeAttribute("aria-invalid");
      }
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-row], [data-remove-row]");
    if (!button) return;
    event.preventDefault();
    if (button.hasAttribute("data-add-row")) addRow(button);
    else removeRow(button);
  });

  // Enter saves the answer and stays where it is, instead of sending the whole section.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !block(event.target) || !event.target.matches("input, select")) return;
    event.preventDefault();
    changed(event.target);
  });

  const touch = (question) => { question.dataset.dirty = String(Number(question.dataset.dirty || 0) + 1); };
  const typed = (control) => control.matches("textarea, input:not([type=radio], [type=checkbox])");

  // Before htmx hears of it: what is typed is sent after a pause or on leaving the field, what is chosen at once, each only once.
  document.addEventListener("input", (event) => {
    const question = block(event.target);
    if (!question) return;
    const note = event.target.hasAttribute("data-note");
    if (!note) {
      standAlone(event.target);
      touch(question);
      const list = event.target.closest("[data-ordered]");
      if (list) grow(list);
    }
    if (note || !typed(event.target)) event.stopPropagation();
  }, true);

  document.addEventListener("change", (event) => {
    const question = block(event.target);
    if (!question) return;
    const note = event.target.hasAttribute("data-note");
    if (note && event.target.checked) question.querySelector(".q-for-note textarea").focus();
    if (note || !question.dataset.dirty) event.stopPropagation();
  }, true);

  document.addEventListener("htmx:beforeRequest", (event) => {
    const question = block(event.detail.elt);
    if (question) question.dataset.sent = question.dataset.dirty || "0";
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const question = block(event.detail.elt);
    if (!question || !event.detail.successful) return;
    mark(question);
    const refused = question.querySelector(".q-errors").dataset.wrong || question.querySelector(".q-conflict");
    if (!refused && question.dataset.sent === (question.dataset.dirty || "0")) delete question.dataset.dirty;
  });

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "section-form") return;
    for (const question of document.querySelectorAll(".q[data-dirty]")) delete question.dataset.dirty;
  });

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector(".q[data-dirty]")) event.preventDefault();
  });
})();
