// One formula four times: native, WebAssembly in Node, decimal.js, hand-written BigInt.
//
//   node methodologies/bench/bench.mjs <folder of the wasm-bindgen nodejs package> <native binary>
//
// It exits with 1 unless all four give the same totals. `cargo xtask bench` builds both and calls it.

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import Decimal from 'decimal.js';

const [packageFolder, nativeBinary] = process.argv.slice(2);
if (!packageFolder || !nativeBinary) {
  console.error('usage: node bench.mjs <wasm package folder> <native binary>');
  process.exit(2);
}

const COUNT = 10_000;
const FACTORS = ['0.48665', '0.6185', '0.63055', '0.48595'];
const WEIGHTS = [
  [275, 365], [365, 365], [366, 366], [365, 365], [365, 365], [365, 365],
  [366, 366], [365, 365], [365, 365], [365, 365], [91, 366],
];

const energy = (number) => {
  const kilowattHours = 1_000_000_000 + number * 7_919;
  return `${Math.floor(kilowattHours / 1000)}.${String(kilowattHours % 1000).padStart(3, '0')}`;
};

// --- decimal.js ---------------------------------------------------------------------------------------------------
Decimal.set({ precision: 40, rounding: Decimal.ROUND_DOWN });
const DECIMAL_WEIGHTS = WEIGHTS.map(([days, of]) => [new Decimal(days), new Decimal(of)]);

function withDecimalJs(count) {
  let sum = new Decimal(0);
  for (let number = 0; number < count; number += 1) {
    const year = new Decimal(energy(number)).times(new Decimal(FACTORS[number % FACTORS.length]));
    for (const [days, of] of DECIMAL_WEIGHTS) {
      sum = sum.plus(year.times(days).div(of).floor());
    }
  }
  return sum.toFixed(0);
}

// --- BigInt: an amount is [digits, decimals] ----------------------------------------------------------------------
const BIG_WEIGHTS = WEIGHTS.map(([days, of]) => [BigInt(days), BigInt(of)]);
const POWERS = Array.from({ length: 29 }, (_, exponent) => 10n ** BigInt(exponent));

function parse(text) {
  const point = text.indexOf('.');
  return point < 0
    ? [BigInt(text), 0]
    : [BigInt(text.slice(0, point) + text.slice(point + 1)), text.length - point - 1];
}

function withBigInt(count) {
  let sum = 0n;
  for (let number = 0; number < count; number += 1) {
    const [eg, egDecimals] = parse(energy(number));
    const [ef, efDecimals] = parse(FACTORS[number % FACTORS.length]);
    const year = eg * ef;
    const unit = POWERS[egDecimals + efDecimals];
    for (const [days, of] of BIG_WEIGHTS) {
      sum += (year * days) / (unit * of); // all positive, so this is the floor
    }
  }
  return sum.toString();
}

// --- run ----------------------------------------------------------------------------------------------------------
function bestOf(runs, work) {
  let best = Infinity;
  let sum = '';
  for (let run = 0; run < runs; run += 1) {
    const start = process.hrtime.bigint();
    sum = String(work(COUNT));
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1000);
  }
  return { sum, us: best };
}

const native = JSON.parse(execFileSync(nativeBinary, { encoding: 'utf8' }));
if (native.count !== COUNT) throw new Error(`the native binary ran ${native.count} calculations, not ${COUNT}`);
const wasm = createRequire(import.meta.url)(path.resolve(packageFolder, 'methodologies_bench.js'));

const formula = [
  ['native', native.formula],
  ['WebAssembly in Node', bestOf(7, wasm.formula)],
  ['JavaScript, BigInt', bestOf(7, withBigInt)],
  ['JavaScript, decimal.js', bestOf(7, withDecimalJs)],
];
const calculator = [
  ['native', native.calculator],
  ['WebAssembly in Node', bestOf(3, wasm.calculator)],
];

function print(title, rows) {
  const base = rows[0][1].us;
  console.log(`\n${title}`);
  for (const [name, { us }] of rows) {
    const columns = [
      name.padEnd(24),
      `${(us / 1000).toFixed(2).padStart(9)} ms`,
      `${(us / COUNT).toFixed(3).padStart(9)} µs each`,
      `${(us / base).toFixed(2).padStart(7)} x native`,
    ];
    console.log(`  ${columns.join('  ')}`);
  }
}

console.log(`${COUNT.toLocaleString('en')} ten-year calculations, eleven calendar-year lines each; best run; Node ${process.version}`);
print('The formula alone, from text to whole tonnes', formula);
print('The complete calculator, with checks, factor tables, steps and notes', calculator);

const sums = new Set([...formula, ...calculator].map(([, { sum }]) => sum));
if (sums.size !== 1) {
  console.error(`\nThe totals differ: ${[...sums].join(', ')}`);
  process.exit(1);
}
console.log(`\nAll give the same total: ${[...sums][0]} t`);
