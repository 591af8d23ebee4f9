// A run as it happens: steps and head come as server-sent events. The browser connects again by itself when the stream ends, and says
// what it saw last. When the run ends the page loads again, with its evidence and its buttons.
"use strict";

(() => {
  const log = document.querySelector("[data-live]");
  if (!log || !window.EventSource) return;
  const shown = Number(log.dataset.shown);
  const source = new EventSource(log.dataset.live);

  function element(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  }

  source.addEventListener("step", (event) => {
    const step = element(event.data);
    const there = document.getElementById(step.id);
    if (there) {
      there.replaceWith(step);
      return;
    }
    log.hidden = false;
    const list = log.querySelector("ol");
    list.prepend(step);
    while (list.children.length > shown) list.lastElementChild.remove();
  });

  source.addEventListener("head", (event) => {
    document.getElementById("run-head").replaceWith(element(event.data));
  });

  source.addEventListener("end", () => {
    source.close();
    location.reload();
  });

  window.addEventListener("pagehide", () => source.close());
})();
