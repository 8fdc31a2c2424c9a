// The rules as a table to type into. Without this script each row has its form; all that is saved here is checked there.
(function () {
  "use strict";

  var grid = document.getElementById("grid");
  if (!grid || !grid.dataset.save) { return; }
  var body = grid.tBodies[0];
  var token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  var heads = Array.prototype.slice.call(grid.tHead.rows[0].cells).filter(function (one) { return one.dataset.column; });
  var columns = heads.map(function (one) { return one.dataset.column; });
  var several = heads.map(function (one) { return "several" in one.dataset; });
  var needed = ["id", "layer", "holder", "source", "since"];
  var told = document.getElementById("table-words");
  var at = null, editing = null, choices = null, undone = [], queue = Promise.resolve();

  // ---- moving ----

  function cell(row, place) { return row ? row.cells[place] : null; }
  function place(one) { return columns.indexOf(one.dataset.column); }
  function rowOf(one) { return one.parentNode; }

  function go(one) {
    if (!one || !one.dataset.column) { return; }
    var left = at && rowOf(at) !== rowOf(one) ? rowOf(at) : null;
    if (at) { at.tabIndex = -1; at.classList.remove("here"); }
    at = one;
    at.tabIndex = 0;
    at.classList.add("here");
    at.focus({ preventScroll: true });
    at.scrollIntoView({ block: "nearest", inline: "nearest" });
    say(at.dataset.fault || "");
    if (left && left.dataset.dirty) { save(); }
  }

  function step(down, right) {
    if (!at) { return; }
    var rows = body.rows, row = rowOf(at);
    var number = Math.min(Math.max(row.sectionRowIndex + down, 0), rows.length - 1);
    var to = Math.min(Math.max(place(at) + right, 0), columns.length - 1);
    go(cell(rows[number], to));
  }

  function say(words) {
    told.textContent = words;
    told.hidden = !words;
  }

  // ---- typing with completion ----

  function load() {
    if (!choices) {
      choices = fetch(grid.dataset.choices, { headers: { Accept: "application/json" } }).then(function (answer) { return answer.json(); });
    }
    return choices;
  }

  function edit(one, begin) {
    if (!one || editing) { return; }
    var input = document.createElement("input");
    var list = document.createElement("ul");
    list.className = "offered";
    list.id = "offered";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", heads[place(one)].textContent);
    list.hidden = true;
    input.type = one.dataset.column === "since" || one.dataset.column === "until" ? "date" : "text";
    input.value = begin === undefined ? one.textContent : begin;
    input.className = "cell-input";
    input.setAttribute("aria-label", heads[place(one)].textContent);
    input.setAttribute("autocomplete", "off");
    editing = { cell: one, before: one.textContent, input: input, list: list, chosen: -1 };
    one.textContent = "";
    one.classList.add("editing");
    one.append(input, list);
    input.focus();
    if (begin === undefined) { input.select(); }
    input.addEventListener("input", offer);
    input.addEventListener("keydown", typing);
    input.addEventListener("blur", function () { window.setTimeout(function () { if (editing && editing.input === input) { leave(true); } }, 120); });
    offer();
  }

  function part() {
    var text = editing.input.value;
    if (!several[place(editing.cell)]) { return { before: "", text: text.trim() }; }
    var cut = Math.max(text.lastIndexOf("；"), text.lastIndexOf(";"), text.lastIndexOf("|")) + 1;
    return { before: text.slice(0, cut), text: text.slice(cut).trim() };
  }

  function offer() {
    var mine = editing;
    load().then(function (all) {
      if (editing !== mine) { return; }
      var offered = all[mine.cell.dataset.column], asked = part().text.toLowerCase();
      mine.list.replaceChildren();
      mine.chosen = -1;
      if (!offered) { mine.list.hidden = true; return; }
      var exact = offered.some(function (one) { return one[0].toLowerCase() === asked; });
      var found = exact || (!asked && several[place(mine.cell)] && mine.input.value) ? [] : offered.filter(function (one) {
        return !asked || one[0].toLowerCase().indexOf(asked) >= 0 || one[1].toLowerCase().indexOf(asked) >= 0;
      });
      found.slice(0, 12).forEach(function (one, number) {
        var line = document.createElement("li"), path = document.createElement("small");
        line.setAttribute("role", "option");
        line.id = "offered-" + number;
        line.dataset.shown = one[0];
        line.textContent = one[0];
        path.textContent = one[2] || "";
        line.append(path);
        line.addEventListener("mousedown", function (event) { event.preventDefault(); take(one[0]); });
        mine.list.append(line);
      });
      mine.list.hidden = !found.length;
      if (asked && found.length) { choose(0); }
    });
  }

  function choose(number) {
    var lines = editing.list.children;
    if (!lines.length) { return; }
    editing.chosen = (number + lines.length) % lines.length;
    Array.prototype.forEach.call(lines, function (line, index) {
      line.setAttribute("aria-selected", String(index === editing.chosen));
      if (index === editing.chosen) { line.scrollIntoView({ block: "nearest" }); }
    });
    editing.input.setAttribute("aria-activedescendant", lines[editing.chosen].id);
  }

  function take(shown) {
    editing.input.value = part().before + shown;
    editing.list.hidden = true;
    editing.chosen = -1;
    editing.input.focus();
  }

  function typing(event) {
    var open = !editing.list.hidden;
    event.stopPropagation();
    if (event.isComposing) { return; }
    if (event.key === "ArrowDown" && open) { event.preventDefault(); choose(editing.chosen + 1); return; }
    if (event.key === "ArrowUp" && open) { event.preventDefault(); choose(editing.chosen - 1); return; }
    if (event.key === "Escape") {
      event.preventDefault();
      if (open) { editing.list.hidden = true; } else { leave(false); }
      return;
    }
    if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      if (open && editing.chosen >= 0) { take(editing.list.children[editing.chosen].dataset.shown); }
      leave(true);
      if (event.key === "Tab") { step(0, event.shiftKey ? -1 : 1); } else { step(event.shiftKey ? -1 : 1, 0); }
    }
  }

  function leave(keep) {
    var one = editing.cell, text = keep ? editing.input.value.trim() : editing.before, before = editing.before;
    editing = null;
    one.classList.remove("editing");
    one.textContent = text;
    go(one);
    if (text !== before) { touch([rowOf(one)], function () { set(one, text); }, one, before); }
  }

  // ---- rows ----

  function texts(row) {
    var found = {};
    columns.forEach(function (column, number) {
      var one = cell(row, number);
      found[column] = editing && editing.cell === one ? editing.before : one.textContent;
    });
    return found;
  }

  function set(one, text) {
    one.textContent = text;
    clear(one);
  }

  function clear(one) {
    one.classList.remove("wrong");
    delete one.dataset.fault;
    one.removeAttribute("title");
    one.removeAttribute("aria-invalid");
  }

  // What the rows were is kept until they are saved, so that one undo takes all of it back.
  function touch(rows, change, one, before) {
    rows.forEach(function (row) {
      if (!row.dataset.was) {
        var was = texts(row);
        if (one && rowOf(one) === row) { was[one.dataset.column] = before; }
        row.dataset.was = JSON.stringify(was);
      }
      row.dataset.dirty = "1";
    });
    change();
    save();
  }

  function complete(row) {
    return needed.every(function (column) { return cell(row, columns.indexOf(column)).textContent.trim(); });
  }

  function fresh(cells) {
    var row = document.createElement("tr");
    columns.forEach(function (column, number) {
      var one = document.createElement(number ? "td" : "th");
      if (!number) { one.scope = "row"; }
      one.dataset.column = column;
      one.tabIndex = -1;
      one.textContent = cells[column] || "";
      row.append(one);
    });
    row.append(document.createElement("td"));
    row.dataset.id = "";
    row.dataset.mark = "";
    row.className = "new";
    row.dataset.was = JSON.stringify({});
    row.dataset.dirty = "1";
    body.append(row);
    return row;
  }

  function nextId() {
    var found = grid.dataset.next, match = /^(.*?)(\d+)$/.exec(found);
    if (match) { grid.dataset.next = match[1] + String(Number(match[2]) + 1).padStart(match[2].length, "0"); }
    return found;
  }

  // ---- saving ----

  function save() {
    queue = queue.then(function () {
      var rows = Array.prototype.filter.call(body.rows, function (row) {
        return row.dataset.dirty && (row.dataset.id || complete(row));
      });
      if (!rows.length) { return null; }
      var put = rows.map(function (row) { return { cells: texts(row), was: row.dataset.id, mark: row.dataset.mark }; });
      rows.forEach(function (row) { row.classList.add("saving"); });
      return send({ put: put, remove: [] }).then(function (answer) {
        rows.forEach(function (row) { row.classList.remove("saving"); });
        if (!answer.ok) { refuse(answer, rows); return; }
        undone.push({ put: rows.filter(function (row) { return row.dataset.id; }).map(function (row, number) {
          return { row: row, cells: JSON.parse(row.dataset.was) };
        }), remove: rows.filter(function (row) { return !row.dataset.id; }) });
        rows.forEach(function (row, number) { settle(row, answer.rows[number], put[number].cells); });
        proof(answer);
      });
    });
    return queue;
  }

  function send(asked) {
    return fetch(grid.dataset.save, {
      method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(asked),
    }).then(function (answer) { return answer.json(); }).catch(function () { return { ok: false, words: grid.dataset.lost }; });
  }

  // What was typed while the answer was on its way (it differs from what stood there at the asking) stays, and is saved next.
  function settle(row, saved, stood) {
    var now = texts(row), later = false;
    row.dataset.id = row.id = saved.id;
    row.dataset.mark = saved.mark;
    if (!row.classList.contains("new")) { row.classList.add("changed"); }
    columns.forEach(function (column, number) {
      var one = cell(row, number);
      clear(one);
      if (stood && now[column] !== stood[column]) { later = true; return; }
      if (editing && editing.cell === one) { editing.before = saved.cells[column]; } else { one.textContent = saved.cells[column]; }
    });
    if (later) { row.dataset.was = JSON.stringify(saved.cells); return; }
    delete row.dataset.dirty;
    delete row.dataset.was;
  }

  function refuse(answer, rows) {
    rows.forEach(function (row) { Array.prototype.forEach.call(row.cells, function (one) { if (one.dataset.column) { clear(one); } }); });
    (answer.faults || []).forEach(function (fault) {
      var row = rows[fault.row], one = row && cell(row, columns.indexOf(fault.column));
      if (!one) { return; }
      one.classList.add("wrong");
      one.dataset.fault = one.title = fault.words;
      one.setAttribute("aria-invalid", "true");
    });
    say(answer.words || "");
  }

  function proof(answer) {
    var state = document.getElementById("proof-state"), beside = document.getElementById("beside"), found = answer.proof;
    state.className = "state " + (found.settled ? "tone-done" : "tone-alarm");
    var use = state.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, found.settled ? "#circle-check" : "#alert-triangle"));
    state.querySelector("span").textContent = found.settled ? beside.dataset.ok : beside.dataset.open.replace("{gaps}", found.gaps).replace("{conflicts}", found.conflicts);
    document.getElementById("proof-words").textContent = found.words[0] || "";
    grid.dataset.next = answer.next;
    say("");
  }

  // ---- undo, remove, paste ----

  function undo() {
    queue = queue.then(function () {
      var last = undone.pop();
      if (!last) { return null; }
      var put = last.put.map(function (one) { return { cells: one.cells, was: one.row.dataset.id, mark: one.row.dataset.mark }; });
      (last.back || []).forEach(function (one) { put.push({ cells: one.cells, was: "", mark: "" }); });
      var stood = last.put.map(function (one) { return texts(one.row); });
      return send({ put: put, remove: last.remove.map(function (row) { return row.dataset.id; }) }).then(function (answer) {
        if (!answer.ok) { undone.push(last); say(answer.words || ""); return; }
        last.remove.forEach(function (row) { row.remove(); });
        last.put.forEach(function (one, number) { settle(one.row, answer.rows[number], stood[number]); });
        (last.back || []).forEach(function (one, number) { settle(fresh(one.cells), answer.rows[last.put.length + number]); });
        proof(answer);
        if (at && !at.isConnected) { go(cell(body.rows[0], 0)); } else if (at) { go(at); }
      });
    });
  }

  function remove(row) {
    var next = row.nextElementSibling || row.previousElementSibling;
    if (!row.dataset.id) { row.remove(); if (next) { go(cell(next, 0)); } return; }
    queue = queue.then(function () {
      return send({ put: [], remove: [row.dataset.id] }).then(function (answer) {
        if (!answer.ok) { say(answer.words || ""); return; }
        undone.push({ put: [], remove: [], back: [{ cells: texts(row) }] });
        row.remove();
        proof(answer);
        say(grid.dataset.remove.replace("{id}", row.dataset.id));
        if (next) { go(cell(next, 0)); }
      });
    });
  }

  // Tab-separated text as spreadsheets copy it: a cell with a line break or a quote stands in quotes.
  function block(text) {
    var rows = [[]], value = "", quoted = false, n = 0;
    text = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (n = 0; n < text.length; n += 1) {
      var sign = text[n];
      if (quoted) {
        if (sign === '"' && text[n + 1] === '"') { value += '"'; n += 1; } else if (sign === '"') { quoted = false; } else { value += sign; }
      } else if (sign === '"' && !value) { quoted = true; } else if (sign === "\t") { rows[rows.length - 1].push(value); value = ""; } else if (sign === "\n") { rows[rows.length - 1].push(value); rows.push([]); value = ""; } else { value += sign; }
    }
    rows[rows.length - 1].push(value);
    return rows;
  }

  function paste(text) {
    var lines = block(text).slice(0, 500), from = rowOf(at).sectionRowIndex, left = place(at), changes = [], rows = [];
    lines.forEach(function (line, down) {
      var row = body.rows[from + down];
      if (!row) { row = fresh(left === 0 ? {} : { id: nextId() }); }
      rows.push(row);
      line.forEach(function (value, right) {
        var one = left + right < columns.length ? cell(row, left + right) : null;
        if (one) { changes.push([one, value.trim()]); }
      });
    });
    touch(rows, function () { changes.forEach(function (one) { set(one[0], one[1]); }); });
  }

  // ---- the ways in ----

  grid.setAttribute("role", "grid");
  Array.prototype.forEach.call(grid.querySelectorAll("tbody td[data-column]"), function (one) { one.setAttribute("role", "gridcell"); one.tabIndex = -1; });
  Array.prototype.forEach.call(grid.querySelectorAll("tbody th[data-column]"), function (one) { one.tabIndex = -1; });
  if (body.rows[0]) { at = cell(body.rows[0], 0); at.tabIndex = 0; }

  grid.addEventListener("focusin", function (event) {
    var one = event.target.closest("[data-column]");
    if (one && one !== at && !editing && body.contains(one)) { go(one); }
  });
  // The first press goes to a cell, the second opens it.
  var pressed = null;
  grid.addEventListener("mousedown", function (event) {
    pressed = at && at.classList.contains("here") && at.contains(event.target) ? at : null;
  });
  grid.addEventListener("click", function (event) {
    var one = event.target.closest("tbody [data-column]");
    if (one && !event.target.closest("a, input, li")) { if (one === pressed) { edit(one); } else { go(one); } }
  });
  grid.addEventListener("keydown", function (event) {
    if (editing || !at || event.target.closest("a, input")) { return; }
    var moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageDown: [15, 0], PageUp: [-15, 0], Home: [0, -99], End: [0, 99] };
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") { event.preventDefault(); undo(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (moves[event.key]) { event.preventDefault(); step(moves[event.key][0], moves[event.key][1]); return; }
    if (event.key === "Enter" || event.key === "F2") { event.preventDefault(); edit(at); return; }
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      var one = at, before = one.textContent;
      if (before) { touch([rowOf(one)], function () { set(one, ""); }, one, before); }
      return;
    }
    if (event.key.length === 1) { event.preventDefault(); event.stopPropagation(); edit(at, event.key); }
  });
  document.addEventListener("paste", function (event) {
    if (!at || editing || !grid.contains(document.activeElement)) { return; }
    event.preventDefault();
    paste(event.clipboardData.getData("text/plain"));
  });
  document.addEventListener("copy", function (event) {
    if (!at || editing || !grid.contains(document.activeElement) || String(window.getSelection())) { return; }
    event.preventDefault();
    event.clipboardData.setData("text/plain", at.textContent);
  });
  window.addEventListener("beforeunload", function (event) {
    if (body.querySelector("tr[data-dirty]")) { event.preventDefault(); }
  });

  function button(id, act) {
    var one = document.getElementById(id);
    if (one) { one.hidden = false; one.addEventListener("click", act); }
  }
  button("add-row", function () { go(cell(fresh({ id: nextId(), layer: "镇级规则" }), columns.indexOf("kinds"))); });
  button("copy-row", function () {
    if (!at) { return; }
    var cells = texts(rowOf(at));
    cells.id = nextId();
    go(cell(fresh(cells), columns.indexOf("kinds")));
  });
  button("remove-row", function () { if (at) { remove(rowOf(at)); } });
})();
