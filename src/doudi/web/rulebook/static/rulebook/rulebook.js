// A receipt may name a rule by the rulebook's address and "#D-017", which no server sees: the rule is then looked up where rules are listed.
(function () {
  "use strict";
  var name = window.location.hash.slice(1);
  var view = new URLSearchParams(window.location.search).get("view");
  if (/^[A-Z]+-\d+$/.test(name) && view !== "rules" && !document.getElementById(name)) {
    window.location.replace(window.location.pathname + "?view=rules#" + name);
  }
})();
