// Small courtesies of the desk; every page works without them.
(function () {
  "use strict";

  // "/" goes to the search box, Escape closes what is open.
  document.addEventListener("keydown", function (event) {
    var typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !document.body.dataset.keys && !typing && !event.ctrlKey && !event.metaKey) {
      var search = document.querySelector('[data-key="/"]');
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open], details.ask[open]").forEach(function (open) {
        open.open = false;
        open.querySelector("summary").focus();
      });
    }
  });

  document.addEventListener("click", function (event) {
    var closer = event.target.closest("[data-close]");
    if (closer) { closer.closest("details").open = false; }
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
    if (event.target.closest("[data-print]")) { window.print(); }
  });

  // Where ways or tabs run out of the screen, the one we are on is brought into sight.
  document.querySelectorAll(".bar-ways [aria-current], .tabs [aria-current]").forEach(function (here) {
    var row = here.closest("ul");
    row.scrollLeft = here.offsetLeft - row.offsetLeft + here.offsetWidth / 2 - row.clientWidth / 2;
  });

  // A form is sent once; a second press while it is on its way changes nothing.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  // The way back from a step counts down and goes when its time is over; without scripts a late press is refused in words.
  document.querySelectorAll("form[data-left]").forEach(function (form) {
    var left = Number(form.dataset.left);
    var shown = form.querySelector("[data-left-now]");
    var timer = window.setInterval(function () {
      left -= 1;
      if (left <= 0) { window.clearInterval(timer); form.remove(); } else if (shown) { shown.textContent = String(left); }
    }, 1000);
  });

  // A request that never arrived, or a fault on our side, is said where refusals are said.
  function unanswered(event) {
    var place = document.getElementById("messages");
    var words = document.body.dataset[event.type === "htmx:sendError" ? "offline" : "fault"];
    if (!place || !words || (event.detail.xhr && event.detail.xhr.status && event.detail.xhr.status < 500)) { return; }
    var box = document.createElement("div");
    box.className = "trouble";
    box.setAttribute("role", "alert");
    box.textContent = words;
    place.replaceChildren(box);
    place.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:sendError", unanswered);
  document.addEventListener("htmx:responseError", unanswered);
})();
