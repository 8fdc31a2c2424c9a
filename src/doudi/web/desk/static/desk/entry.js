// While a call is taken down, the right side follows what is typed; the form works without it.
(function () {
  "use strict";

  var form = document.querySelector("form.entry"), heard = document.querySelector("[data-heard]");
  if (!form || !heard || !window.fetch) { return; }
  var WAIT = 500, waiting = 0, told = "", asked = 0;

  // Only what is looked at: a name that is typed asks for nothing.
  function said() {
    return ["phone", "words", "second", "third", "fourth", "address", "kind"].map(function (name) { return form.elements[name].value; }).join("\n");
  }

  function ask() {
    if (said() === told) { return; }
    told = said();
    asked += 1;
    var turn = asked, sent = new FormData(form);
    sent.delete("photos");
    window.fetch(heard.dataset.heard, { method: "POST", body: sent, credentials: "same-origin" })
      .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : null; })
      .then(function (html) {
        // Whoever typed on has asked again: an older answer says nothing any more.
        if (html === null || turn !== asked) { return; }
        var read = new DOMParser().parseFromString(html, "text/html");
        heard.replaceChildren.apply(heard, Array.prototype.slice.call(read.body.childNodes));
      })
      .catch(function () { told = ""; });
  }

  form.addEventListener("input", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(ask, WAIT);
  });
  form.addEventListener("focusout", ask);

  function choose(button) {
    form.elements.kind.value = button.dataset.kind;
    heard.querySelectorAll("[data-kind]").forEach(function (one) { one.classList.toggle("choice-proposed", one === button); });
    ask();
  }
  heard.addEventListener("click", function (event) {
    var button = event.target.closest("[data-kind]");
    if (button) { choose(button); }
  });

  document.addEventListener("keydown", function (event) {
    if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
      var button = heard.querySelector('[data-alt="' + event.code.slice(5) + '"]');
      if (button) { event.preventDefault(); choose(button); }
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      form.querySelector("button[type=submit]").click();
    }
  });
  ask();
})();
