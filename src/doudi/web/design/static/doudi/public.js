// Courtesies of the public pages; each of them works without scripts, only a little less smoothly.
(function () {
  "use strict";

  // The call of a kind of danger, for browsers whose style sheets do not know :has().
  var calls = document.querySelectorAll(".call-of");
  document.addEventListener("change", function (event) {
    if (event.target.name === "kind") {
      calls.forEach(function (box) { box.classList.toggle("call-shown", box.id === event.target.dataset.call); });
    }
    if (event.target.type === "file") { show(event.target); }
  });

  // Photos before they are sent.
  function show(input) {
    var place = input.parentNode.querySelector(".snap-shown");
    if (!place || !window.URL) { return; }
    place.replaceChildren();
    Array.prototype.slice.call(input.files, 0, 6).forEach(function (file) {
      var image = document.createElement("img");
      image.alt = file.name;
      image.onload = function () { URL.revokeObjectURL(image.src); };
      image.src = URL.createObjectURL(file);
      place.appendChild(image);
    });
    place.hidden = !place.children.length;
  }

  // One press sends once. Going back makes the button live again.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    var button = form.querySelector(".send span");
    if (button && form.dataset.sending) { button.dataset.words = button.textContent; button.textContent = form.dataset.sending; }
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      var button = form.querySelector(".send span");
      if (button && button.dataset.words) { button.textContent = button.dataset.words; }
    });
  });

  document.querySelectorAll("[data-print], [data-copy]").forEach(function (button) { button.hidden = false; });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) { window.print(); }
    var copier = event.target.closest("[data-copy]");
    if (copier) {
      var source = document.getElementById(copier.dataset.copy);
      var done = function () { copier.querySelector("span").textContent = copier.dataset.done; };
      if (navigator.clipboard) {
        navigator.clipboard.writeText(source.textContent.trim()).then(done);
      } else {
        var range = document.createRange();
        range.selectNodeContents(source);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        if (document.execCommand("copy")) { done(); }
      }
    }
  });

  // Where the phone is, asked for at the press alone; the form goes either way.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-locate") || form.dataset.located || !navigator.geolocation) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    form.dataset.located = "1";
    navigator.geolocation.getCurrentPosition(function (found) {
      form.elements.longitude.value = found.coords.longitude.toFixed(6);
      form.elements.latitude.value = found.coords.latitude.toFixed(6);
      if (form.elements.accuracy) { form.elements.accuracy.value = Math.ceil(found.coords.accuracy); }
      form.submit();
    }, function () { form.submit(); }, { enableHighAccuracy: true, timeout: 8000 });
  }, true);
})();
