// A list that is open says what has come since: counts, a line that shows it, the title, and on request a sound for danger.
(function () {
  "use strict";

  var line = document.querySelector("[data-live]");
  if (!line || !window.fetch) { return; }

  var EVERY = 15000, WHOLE = 4, SOUND = "doudi-sound", SEEN = "doudi-seen";
  var title = document.title, round = 0, rung = 0, missed = 0;
  var sound = document.querySelector("[data-sound]"), loud = null;

  // What was on the page before it was shown anew is not new.
  function numbers() {
    return Array.prototype.map.call(document.querySelectorAll("tr[data-row] a.row-link"), function (link) { return link.pathname; });
  }

  function mark() {
    var kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(SEEN) || "null"); sessionStorage.removeItem(SEEN); } catch (error) { return; }
    if (!kept || kept.at !== location.pathname + location.search) { return; }
    document.querySelectorAll("tr[data-row]").forEach(function (row) {
      var link = row.querySelector("a.row-link");
      row.classList.toggle("fresh", Boolean(link) && kept.rows.indexOf(link.pathname) < 0);
    });
  }

  function show(event) {
    event.preventDefault();
    try { sessionStorage.setItem(SEEN, JSON.stringify({ at: location.pathname + location.search, rows: numbers() })); } catch (error) { /* without a store nothing is marked */ }
    location.reload();
  }

  // Two short tones of our own; a browser that has heard no click yet stays silent.
  function ring() {
    if (!sound || !sound.checked) { return; }
    var Sounds = window.AudioContext || window.webkitAudioContext;
    if (!Sounds) { return; }
    loud = loud || new Sounds();
    if (loud.resume) { loud.resume(); }
    [880, 660].forEach(function (height, index) {
      var tone = loud.createOscillator(), level = loud.createGain(), at = loud.currentTime + index * 0.25;
      tone.frequency.value = height;
      level.gain.value = 0.15;
      tone.connect(level);
      level.connect(loud.destination);
      tone.start(at);
      tone.stop(at + 0.2);
    });
  }

  function tell(news) {
    Object.keys(news.tabs).forEach(function (name) {
      var count = document.querySelector('[data-tab="' + name + '"] .tabs-count');
      if (count) { count.textContent = news.tabs[name]; }
    });
    document.querySelectorAll(".bar-bell").forEach(function (bell) {
      var count = bell.querySelector(".count");
      if (!count && news.unread) { count = bell.appendChild(document.createElement("b")); count.className = "count"; }
      if (count) { count.textContent = news.unread || ""; count.hidden = !news.unread; }
    });
    line.hidden = !news.words;
    if (line.firstElementChild.textContent !== news.words) { line.firstElementChild.textContent = news.words; }
    document.title = (news.waiting ? "(" + news.waiting + ") " : "") + title;
    if (news.danger > rung) { ring(); }
    rung = news.danger;
  }

  function ask() {
    var whole = round % WHOLE === WHOLE - 1 ? "&whole=1" : "";
    round += 1;
    fetch(line.dataset.live + "&since=" + line.dataset.since + whole, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (answer) {
        // Who is signed out is led to the login: then nothing more is asked.
        if (answer.redirected || answer.status === 401 || answer.status === 404) { missed = Infinity; return null; }
        if (!answer.ok) { throw new Error(String(answer.status)); }
        missed = 0;
        return answer.status === 204 ? null : answer.json();
      })
      .then(function (news) { if (news) { tell(news); } })
      .catch(function () { missed += 1; })
      .then(function () { if (missed !== Infinity) { window.setTimeout(ask, EVERY * Math.min(1 + missed, 8)); } });
  }

  if (sound) {
    try { sound.checked = localStorage.getItem(SOUND) === "1"; } catch (error) { /* stays off */ }
    sound.addEventListener("change", function () {
      try { localStorage.setItem(SOUND, sound.checked ? "1" : "0"); } catch (error) { /* for this page alone */ }
      ring();
    });
  }
  line.addEventListener("click", show);
  mark();
  window.setTimeout(ask, EVERY);
})();
