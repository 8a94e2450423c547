// Photos made small enough for a bad connection, and a signature drawn with a finger.

const LONGEST_EDGE = 1600, MOST_BYTES = 500 << 10;

const base64 = (url) => url.slice(url.indexOf(",") + 1);

/** A photo as JPEG in base64, upright, at most 1600 pixels long. Throws what is no picture. */
export async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  for (let edge = LONGEST_EDGE; ; edge *= 0.75) {
    const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const url = canvas.toDataURL("image/jpeg", 0.8);
    if (url.length * 0.75 <= MOST_BYTES) return { data: base64(url), url };
  }
}

/** Lets a finger, a pen or a mouse draw on `canvas`; `drawn()` is null as long as nothing was. */
export function pad(canvas) {
  const context = canvas.getContext("2d");
  let drawing = false, empty = true;

  function clear() {
    // Black on white whatever the reader's colours: it is read on paper, too.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    Object.assign(context, { strokeStyle: "#000", lineWidth: 4, lineCap: "round", lineJoin: "round" });
    empty = true;
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) * canvas.width) / box.width,
      ((event.clientY - box.top) * canvas.height) / box.height,
    ];
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    context.beginPath();
    context.moveTo(...place(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    context.lineTo(...place(event));
    context.stroke();
    empty = false;
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => { drawing = false; });
  }
  clear();
  return { clear, drawn: () => (empty ? null : base64(canvas.toDataURL("image/png"))) };
}
