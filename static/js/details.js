// A link to something inside of a closed part opens the part.
"use strict";

function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  let part = target.closest("details");
  while (part) {
    part.open = true;
    part = part.parentElement.closest("details");
  }
  target.scrollIntoView();
}

window.addEventListener("hashchange", openTarget);
openTarget();
