// A phrase is taken instead of what stands there; nothing that was written is lost. The form works without it.
(function () {
  "use strict";

  document.querySelectorAll("[data-phrases]").forEach(function (row) {
    var field = document.getElementById(row.dataset.phrases);
    if (!field) { return; }
    var drafts = Array.prototype.map.call(row.querySelectorAll("[data-text]"), function (one) { return one.dataset.text; });
    var wrote = "";
    row.hidden = false;
    row.addEventListener("click", function (event) {
      var button = event.target.closest("[data-text]");
      if (!button) { return; }
      // What was written by hand comes back by pressing the same phrase once more.
      var own = drafts.indexOf(field.value) < 0 && field.value.trim() !== "";
      if (own) { wrote = field.value; }
      field.value = !own && field.value === button.dataset.text && wrote ? wrote : button.dataset.text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  });

  // A kept answer is put where the cursor stands in the words of the reply.
  document.querySelectorAll("button[data-into]").forEach(function (button) {
    var field = document.getElementById(button.dataset.into);
    if (!field) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      var box = field.closest("details"), at = field.selectionEnd || field.value.length;
      if (box) { box.open = true; }
      field.value = field.value.slice(0, at) + button.dataset.text + field.value.slice(at);
      field.focus();
      field.setSelectionRange(at + button.dataset.text.length, at + button.dataset.text.length);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });

  // The words that a warning is about stand marked, ready to be written over.
  document.querySelectorAll("textarea[data-doubt]").forEach(function (field) {
    var at = field.value.indexOf(field.dataset.doubt);
    if (at >= 0) { field.focus(); field.setSelectionRange(at, at + field.dataset.doubt.length); }
  });
})();
