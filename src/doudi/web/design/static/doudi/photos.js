// Photos are made small before they travel: the ten megabytes of a phone become less than one, and a format that only the phone
// itself can read becomes JPEG. Whatever cannot be done here is sent as it is.
(function () {
  "use strict";

  var LONGEST = 2560, SMALL_ENOUGH = 1500000;
  if (!window.createImageBitmap || !window.DataTransfer || !HTMLFormElement.prototype.requestSubmit) { return; }

  function isCommon(file) { return /^image\/(jpeg|png|webp)$/.test(file.type); }

  function drawn(bitmap) {
    var scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    var canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    var ink = canvas.getContext("2d");
    ink.fillStyle = "#fff";
    ink.fillRect(0, 0, canvas.width, canvas.height);
    ink.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", 0.86); });
  }

  function smaller(file) {
    if (isCommon(file) && file.size <= SMALL_ENOUGH) { return Promise.resolve(file); }
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(drawn).then(function (blob) {
      if (!blob || (isCommon(file) && blob.size >= file.size)) { return file; }
      return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
    }).catch(function () { return file; });
  }

  var waiting = new Map();
  document.addEventListener("change", function (event) {
    var input = event.target;
    if (input.type !== "file" || !/^image\//.test(input.accept)) { return; }
    var chosen = Array.prototype.slice.call(input.files);
    var work = Promise.all(chosen.map(smaller)).then(function (files) {
      if (waiting.get(input) !== work) { return; }
      waiting.delete(input);
      var bag = new DataTransfer();
      files.forEach(function (file) { bag.items.add(file); });
      input.files = bag.files;
    });
    waiting.set(input, work);
  });

  // Pressed before the photos are ready: the form goes by itself as soon as they are.
  document.addEventListener("submit", function (event) {
    var works = [];
    waiting.forEach(function (work, input) { if (input.form === event.target) { works.push(work); } });
    if (!works.length) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    Promise.all(works).then(function () { event.target.requestSubmit(event.submitter); });
  }, true);
})();
