// One picker for posts, people, places and kinds. A select, or a box for codes, keeps what is sent; before it stands a
// box in which one types. Without scripts the select or box does its job alone.
(function () {
  "use strict";

  var shape = document.getElementById("pick-shape");
  if (!shape || !window.fetch) { return; }
  var WAIT = 120, SHOWN = 40, made = 0, words = shape.dataset;

  function clean(text) { return text.replace(/\s+/g, " ").trim(); }

  function pick(field) {
    var select = field.tagName === "SELECT", several = field.multiple || field.tagName === "TEXTAREA", inPlace = !select && !several;
    var box = shape.content.firstElementChild.cloneNode(true), focused = document.activeElement === field;
    var input = box.querySelector("input"), list = box.querySelector("[role=listbox]"), chips = box.querySelector(".pick-chips");
    var told = box.querySelector(".pick-told"), status = box.querySelector("[role=status]");
    var at = -1, asked = 0, waiting = 0, pending = false, names = {};

    field.before(box);
    if (inPlace) { takeIn(); } else { standFor(); }
    made += 1;
    list.id = "pick-" + made;
    input.setAttribute("aria-controls", list.id);
    // The list bears the name of its box.
    var label = input.id && document.querySelector('label[for="' + input.id + '"]');
    list.setAttribute("aria-label", label ? clean(label.firstChild.textContent) : input.getAttribute("aria-label") || words.type);

    // A box that is sent as it is typed becomes the box of the picker itself.
    function takeIn() {
      ["role", "aria-autocomplete", "aria-expanded", "autocapitalize", "spellcheck"].forEach(function (name) { field.setAttribute(name, input.getAttribute(name)); });
      field.removeAttribute("list");
      input.replaceWith(field);
      input = field;
      input.placeholder = field.dataset.hint || words.type;
    }

    // Anything else is hidden, and the new box takes its name from its label.
    function standFor() {
      var none = select && !several && field.querySelector('option[value=""]');
      input.placeholder = none ? clean(none.textContent) : field.dataset.hint || words.type;
      ["aria-describedby", "aria-label", "aria-invalid"].forEach(function (name) { if (field.hasAttribute(name)) { input.setAttribute(name, field.getAttribute(name)); } });
      if (field.id) { input.id = field.id; field.id += "-kept"; }
      // What nobody sees cannot be complained about by the browser; the box complains for it.
      if (field.required) { field.required = false; input.required = !several; }
      field.hidden = true;
      if (focused) { input.focus(); }
      show();
    }

    function options() { return Array.prototype.slice.call(field.options); }
    function option(value) { return options().filter(function (one) { return one.value === value; })[0]; }
    function chosen() {
      if (select) { return options().filter(function (one) { return one.selected && one.value; }).map(function (one) { return one.value; }); }
      return field.value.split(/[,，、;；\s]+/).filter(Boolean);
    }
    function nameOf(value) { return (select && option(value) ? clean(option(value).textContent) : names[value]) || value; }

    // What is chosen, as the box or the chips say it.
    function show() {
      if (inPlace) { return; }
      if (!several) { input.value = chosen().map(nameOf).join(""); judge(); return; }
      chips.replaceChildren.apply(chips, chosen().map(function (value) {
        var chip = document.createElement("li"), off = document.createElement("button");
        off.type = "button";
        off.textContent = "×";
        off.setAttribute("aria-label", words.off.replace("{name}", nameOf(value)));
        off.addEventListener("click", function () { drop(value); input.focus(); });
        chip.append(nameOf(value), off);
        return chip;
      }));
      chips.hidden = !chips.childElementCount;
    }

    function changed() {
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function set(values) {
      if (select) { options().forEach(function (one) { one.selected = values.indexOf(one.value) >= 0; }); } else { field.value = values.join("\n"); }
      show();
      changed();
    }
    function drop(value) { set(chosen().filter(function (one) { return one !== value; })); }

    // A name that is typed and names nothing is no choice, and is not sent in silence.
    function judge() {
      if (inPlace) { return; }
      var text = clean(input.value), ok = !text || (!several && text === chosen().map(nameOf).join(""));
      input.setCustomValidity(ok ? "" : words.wrong);
      input.setAttribute("aria-invalid", String(!ok));
    }

    function close() {
      window.clearTimeout(waiting);
      pending = false;
      asked += 1;
      list.hidden = true;
      list.replaceChildren();
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      status.textContent = "";
    }

    function point(to) {
      var rows = list.children;
      if (!rows.length) { return; }
      at = (to + rows.length) % rows.length;
      Array.prototype.forEach.call(rows, function (row, index) { row.setAttribute("aria-selected", String(index === at)); });
      rows[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", rows[at].id);
    }

    function open(rows, typed) {
      var already = several ? chosen() : [];
      rows = rows.filter(function (row) { return already.indexOf(row.dataset.value) < 0 && (!select || option(row.dataset.value)); }).slice(0, SHOWN);
      rows.forEach(function (row, index) { row.id = list.id + "-" + index; });
      list.replaceChildren.apply(list, rows);
      list.hidden = !rows.length;
      input.setAttribute("aria-expanded", String(rows.length > 0));
      input.removeAttribute("aria-activedescendant");
      at = -1;
      status.textContent = rows.length ? words.some.replace("{n}", rows.length) : words.none;
      told.textContent = words.none;
      told.hidden = rows.length > 0 || !typed;
      if (typed && rows.length) { point(0); }
    }

    function ask(typed) {
      asked += 1;
      var turn = asked, address = new URL(field.dataset.pick, location.href);
      address.searchParams.set("q", typed);
      return fetch(address, { credentials: "same-origin" })
        .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : ""; })
        .then(function (html) {
          // Whoever typed on has asked again.
          if (turn !== asked) { return; }
          pending = false;
          open(Array.prototype.slice.call(new DOMParser().parseFromString("<ul>" + html + "</ul>", "text/html").querySelectorAll("[role=option]")), typed);
          if (document.activeElement !== input) { leave(); }
        })
        .catch(function () { close(); });
    }

    function choose(row) {
      var value = row.dataset.value, name = clean(row.firstElementChild.textContent);
      names[value] = name;
      close();
      told.hidden = true;
      if (inPlace) {
        input.value = value;
        if (value !== name) { told.textContent = row.children[1] ? name + " · " + clean(row.children[1].textContent) : name; told.hidden = false; }
        changed();
      } else if (several) { input.value = ""; set(chosen().concat(value)); } else { set([value]); }
    }

    // Leaving the box takes the line that is pointed at; what is still asked for is waited for.
    function leave() {
      var text = clean(input.value), row = list.children[at];
      if (!list.hidden && row && text && text !== row.dataset.value) { choose(row); return; }
      if (!inPlace && !several && !text && chosen().length && option("")) { set([""]); }
      if (pending && text) { window.clearTimeout(waiting); ask(text); return; }
      close();
      judge();
    }

    input.addEventListener("input", function (event) {
      if (event.target !== input || (inPlace && !event.isTrusted)) { return; }
      window.clearTimeout(waiting);
      told.hidden = true;
      judge();
      var typed = clean(input.value);
      pending = true;
      waiting = window.setTimeout(function () { ask(typed); }, WAIT);
    });
    input.addEventListener("keydown", function (event) {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) { return; }
      var key = event.key, row = list.children[at];
      if (key === "ArrowDown" || key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) { ask(inPlace || several ? clean(input.value) : ""); } else { point(at + (key === "ArrowDown" ? 1 : at < 0 ? 0 : -1)); }
      } else if (key === "Enter" && !list.hidden && row) {
        event.preventDefault();
        choose(row);
      } else if (key === "Escape" && !list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        close();
      } else if (key === "Backspace" && several && !input.value && chosen().length) { drop(chosen().pop()); }
    });
    input.addEventListener("click", function () { if (list.hidden) { ask(inPlace || several ? clean(input.value) : ""); } });
    input.addEventListener("focus", function () { if (!inPlace && !several) { input.select(); } });
    input.addEventListener("blur", leave);
    // Pressing a line must not take the focus from the box before it counts.
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      var row = event.target.closest("[role=option]");
      if (row) { choose(row); }
    });
    if (field.form) { field.form.addEventListener("reset", function () { window.setTimeout(show, 0); }); }
  }

  function all(root) {
    root.querySelectorAll("[data-pick]").forEach(function (field) {
      if (!field.dataset.picks) { field.dataset.picks = "1"; pick(field); }
    });
  }
  all(document);
  document.addEventListener("htmx:load", function (event) { all(event.detail.elt); });
})();
