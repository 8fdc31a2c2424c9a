// Keyboard moves of the desk's lists and pages; every page works without them.
(function () {
  "use strict";

  // Whoever switched keys off that act alone is not told of them either.
  if (document.body.dataset.keys === "off") {
    document.querySelectorAll("[aria-keyshortcuts]").forEach(function (one) { one.removeAttribute("aria-keyshortcuts"); });
  }

  var at = -1;

  function rows() {
    return Array.prototype.slice.call(document.querySelectorAll("tr[data-row]"));
  }

  function go(step) {
    var all = rows();
    if (!all.length) { return; }
    at = Math.min(Math.max(at + step, 0), all.length - 1);
    all.forEach(function (row, index) { row.classList.toggle("here", index === at); });
    var link = all[at].querySelector("a.row-link");
    if (link) { link.focus({ preventScroll: true }); }
    all[at].scrollIntoView({ block: "nearest" });
  }

  function boxes() {
    return Array.prototype.slice.call(document.querySelectorAll('tr[data-row] input[type="checkbox"]'));
  }

  // With Shift all rows from the one ticked before are ticked alike.
  var last = null;
  function reach(box, onward) {
    var all = boxes(), from = all.indexOf(last), to = all.indexOf(box);
    if (onward && from >= 0) {
      all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(function (one) { one.checked = box.checked; });
    }
    last = box;
    tell();
  }

  function tick(onward) {
    var row = rows()[at];
    var box = row && row.querySelector('input[type="checkbox"]');
    if (box) { box.checked = !box.checked; reach(box, onward); }
  }

  function tell() {
    var told = document.querySelector("[data-ticked]");
    if (!told) { return; }
    if (!told.dataset.none) { told.dataset.none = told.textContent; }
    var count = document.querySelectorAll('tr[data-row] input[type="checkbox"]:checked').length;
    told.textContent = count ? String(count) : told.dataset.none;
    told.classList.toggle("count", count > 0);
    told.classList.toggle("quiet", count === 0);
  }

  // A form may stand in a menu, which opens with it.
  function openAround(details) {
    for (var one = details; one; one = one.parentElement.closest("details")) { one.open = true; }
  }

  document.addEventListener("keydown", function (event) {
    if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) { return; }
    if (event.key === "n" && document.querySelector("[data-entry]")) { event.preventDefault(); document.querySelector("[data-entry]").click(); return; }
    if (event.key === "j") { event.preventDefault(); go(1); return; }
    if (event.key === "k") { event.preventDefault(); go(-1); return; }
    if (event.key.toLowerCase() === "x" && at >= 0) { event.preventDefault(); tick(event.shiftKey); return; }
    if (event.code === "BracketLeft" || event.code === "BracketRight") {
      var onward = document.querySelector('.walk a[rel="' + (event.code === "BracketLeft" ? "prev" : "next") + '"]');
      if (onward) { event.preventDefault(); onward.click(); return; }
    }
    if (/^[a-z]$/.test(event.key)) {
      var summary = document.querySelector('summary[data-stroke="' + event.key + '"]');
      if (summary) {
        event.preventDefault();
        openAround(summary.parentNode);
        summary.scrollIntoView({ block: "center" });
        var first = summary.parentNode.querySelector("input:not([type=hidden]), textarea, select");
        if (first) { first.focus(); }
      }
    }
    if (/^[1-9]$/.test(event.key)) {
      var choice = document.querySelector('[data-hotkey="' + event.key + '"]');
      if (choice) { event.preventDefault(); choice.click(); }
    }
  });

  document.addEventListener("click", function (event) {
    if (event.target.matches('tr[data-row] input[type="checkbox"]')) { reach(event.target, event.shiftKey); }
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-tick-all]")) {
      document.querySelectorAll('tr[data-row] input[type="checkbox"]').forEach(function (box) { box.checked = event.target.checked; });
    }
    if (event.target.matches('input[type="checkbox"]')) { tell(); }
  });

  // An address that names a step opens its form.
  function open() {
    var named = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (named && named.tagName === "DETAILS") {
      openAround(named);
      named.scrollIntoView({ block: "center" });
    }
  }
  window.addEventListener("hashchange", open);
  open();
  window.addEventListener("pageshow", tell);
})();
