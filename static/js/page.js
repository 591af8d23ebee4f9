// What every page needs: failed requests are said aloud instead of vanishing.
"use strict";

function say(text) {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

document.addEventListener("htmx:sendError", () => say("The server cannot be reached. Nothing was lost; it is still on this page."));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  say(status === 403 ? "You are not allowed to do this, or your session has ended. Reload the page." : `The server answered with an error (${status}).`);
});
