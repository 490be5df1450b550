// Planted land in the tests: its boundary, and the files with what was measured on it.
import { submitButton, type Person } from './people';

/** A square of about 150 ha at a place that no other run of the test has taken; `west`, `south`: corner of the area of this test. */
export function square(west: number, south: number): string {
  const at = Date.now() % 1_000_000;
  const left = west + (at % 1000) * 0.015;
  const bottom = south + Math.floor(at / 1000) * 0.0125;
  const side = 0.0124;
  const corners = [[0, 0], [side, 0], [side, side], [0, side], [0, 0]];
  // written out, since six digits after the point are asked for and JSON.stringify drops the last zeros
  const points = corners.map(([east, north]) => `[${(left + east).toFixed(6)}, ${(bottom + north).toFixed(6)}]`);
  return `{"type": "Polygon", "coordinates": [[${points.join(', ')}]]}`;
}

/** Sends the lines of a table as a CSV file in the section of a monitoring report with the table's name. */
export async function sendTable(owner: Person, report: string, table: string, lines: string[]): Promise<void> {
  await owner.open(`${report}/edit/${table}`);
  const form = owner.form('report_save');
  await form.locator(`input[name="${table}_file"]`).setInputFiles({
    name: '实测.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(lines.join('\r\n'), 'utf8'),
  });
  await owner.press(submitButton(form));
}
