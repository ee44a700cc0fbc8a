import { create } from 'qrcode';
import { useMemo } from 'react';

const quiet = 4;

/** The text as a QR code, drawn here: the token never leaves the page. Always dark on white, for cameras. */
export function QrCode({ text, size = 208 }: { text: string; size?: number }) {
  const { path, side } = useMemo(() => outline(text), [text]);
  return (
    <svg
      viewBox={`${-quiet} ${-quiet} ${side + 2 * quiet} ${side + 2 * quiet}`}
      width={size}
      height={size}
      role="img"
      aria-label="The token as a QR code"
      shapeRendering="crispEdges"
    >
      <rect x={-quiet} y={-quiet} width={side + 2 * quiet} height={side + 2 * quiet} fill="#ffffff" rx={1} />
      <path d={path} fill="#14203a" />
    </svg>
  );
}

function outline(text: string): { path: string; side: number } {
  const { modules } = create(text, { errorCorrectionLevel: 'L' });
  const squares: string[] = [];
  for (let row = 0; row < modules.size; row += 1)
    for (let column = 0; column < modules.size; column += 1)
      if (modules.get(row, column)) squares.push(`M${column} ${row}h1v1h-1z`);
  return { path: squares.join(''), side: modules.size };
}
