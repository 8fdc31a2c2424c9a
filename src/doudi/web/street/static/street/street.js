/* On the street: the position, asked for at the press and sent once; a code read from a photograph. No script, no loss. */
(function () {
  "use strict";
  var nearest = document.querySelector("form[data-nearest]");
  if (nearest && navigator.geolocation) {
    var told = nearest.querySelector("[role=status]");
    nearest.hidden = false;
    nearest.addEventListener("submit", function (event) {
      if (nearest.elements.longitude.value) return;
      event.preventDefault();
      told.textContent = told.dataset.asking;
      navigator.geolocation.getCurrentPosition(function (found) {
        nearest.elements.longitude.value = found.coords.longitude.toFixed(6);
        nearest.elements.latitude.value = found.coords.latitude.toFixed(6);
        nearest.submit();
      }, function () { told.textContent = told.dataset.refused; }, { enableHighAccuracy: true, timeout: 10000 });
    });
  }

  var reading = document.querySelector("form[data-read-code]");
  if (!reading || !window.BarcodeDetector || !window.createImageBitmap) { return; }
  window.BarcodeDetector.getSupportedFormats().then(function (known) {
    if (known.indexOf("qr_code") < 0) return;
    reading.hidden = false;
    reading.elements.picture.addEventListener("change", read);
  });
  function read(event) {
    var said = reading.querySelector("[role=status]"), file = event.target.files[0];
    if (!file) return;
    said.textContent = "";
    createImageBitmap(file).then(function (picture) {
      return new window.BarcodeDetector({ formats: ["qr_code"] }).detect(picture);
    }).then(function (codes) {
      if (!codes.length) { said.textContent = said.dataset.none; return; }
      var link = document.createElement("a");
      link.href = codes[0].rawValue;
      // The host is written in capitals on a sign; the browser folds it.
      if (link.host === location.host && /^\/q\//i.test(link.pathname)) location.assign(link.pathname);
      else said.textContent = said.dataset.foreign;
    }).catch(function () { said.textContent = said.dataset.none; }).then(function () { event.target.value = ""; });
  }
})();
