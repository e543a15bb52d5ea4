/** Shapes on a grid of 16 x 16, drawn with the colour of the text around them. */
const PATHS = {
  previous: "M10 3 5 8l5 5",
  next: "M6 3l5 5-5 5",
  play: "M5 3.2v9.6L13 8z",
  stop: "M4.5 4.5h7v7h-7z",
  undo: "M6 3 3 6l3 3M3.4 6H10a3.5 3.5 0 0 1 0 7H6",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  close: "M4 4l8 8M12 4l-8 8",
  down: "M4 6l4 4 4-4",
  dice: "M3.5 3.5h9v9h-9zM6 6h.01M10 10h.01M6 10h.01M10 6h.01",
};

/** @param {{name: keyof typeof PATHS}} props */
export function Icon({ name }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
