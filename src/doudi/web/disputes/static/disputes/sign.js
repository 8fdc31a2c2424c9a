// A signature by finger or pen: strokes of whole numbers in a hidden field. Without this script the name alone is enough.
"use strict";
for (const box of document.querySelectorAll("[data-sign]")) {
  const field = document.getElementById(box.dataset.sign), canvas = box.querySelector("canvas"), pen = canvas.getContext("2d");
  let strokes = [], stroke = null;
  box.hidden = false;
  pen.lineWidth = 3; pen.lineCap = pen.lineJoin = "round";
  const at = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [Math.round((event.clientX - frame.left) * canvas.width / frame.width), Math.round((event.clientY - frame.top) * canvas.height / frame.height)]
      .map((place, axis) => Math.max(0, Math.min(axis ? canvas.height : canvas.width, place)));
  };
  const keep = () => { field.value = strokes.length ? JSON.stringify(strokes) : ""; };
  canvas.addEventListener("pointerdown", (event) => {
    stroke = [at(event)]; strokes.push(stroke); canvas.setPointerCapture(event.pointerId); event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const here = at(event), last = stroke[stroke.length - 1];
    if (Math.abs(here[0] - last[0]) + Math.abs(here[1] - last[1]) < 2) return;
    pen.beginPath(); pen.moveTo(...last); pen.lineTo(...here); pen.stroke();
    stroke.push(here);
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { stroke = null; keep(); });
  box.querySelector("[data-sign-clear]").addEventListener("click", () => {
    strokes = []; pen.clearRect(0, 0, canvas.width, canvas.height); keep();
  });
}
