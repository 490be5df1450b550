// One formula four times: native, WebAssembly in Node, decimal.js, hand-written BigInt. Then the two longest calculations,
// 1,000 strata over 40 years and 100,000 measured trees: the complete calculators natively and in WebAssembly, and in
// JavaScript their stocks alone, with plain numbers for powers and decimal.js for everything else, and once more with plain
// numbers only.
//
//   node methodologies/bench/bench.mjs <folder of the wasm-bindgen nodejs package> <native binary>
//
// It exits with 1 unless all give the same totals (the long ones: the first 9 digits, because Math.pow is not libm). `cargo xtask bench` builds both and calls it.

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

// --- the stocks of a sink -----------------------------------------------------------------------------------------
const number = (id) => {
  if (native.numbers[id] === undefined) throw new Error(`no number ${id}: ${Object.keys(native.numbers).join(' ')}`);
  return native.numbers[id];
};

// what leaves a power is a decimal of 12 digits, as in the calculators
const power = (base, exponent) => new Decimal(Math.pow(base, exponent).toPrecision(12));

/** Stock of each year: Σ 44/12 × M × (1 − e^(−k a))^p × (1 + R) × CF × A. `plain`: without decimals. */
function strata(input, plain) {
  const { strata: list } = JSON.parse(input);
  const [species] = new Set(list.map((stratum) => stratum.species));
  const group = Object.keys(native.numbers).find((id) => /^afforestation\.curve\..*\.limit$/.test(id)).split('.')[2];
  const of = (name) => number(`afforestation.curve.${group}.${name}`);
  const [limit, rate, shape] = [of('limit'), of('rate'), of('shape')];
  const [r, cf] = [number(`species.${species}.r`), number(`species.${species}.cf`)];
  const totals = [];
  for (const stratum of list) {
    for (let year = 2020; year <= 2060; year += 1) {
      const age = Math.max(year - Number(stratum.planting_year), 0);
      const grown = Math.pow(1 - Math.exp(-Number(rate) * age), Number(shape));
      const at = year - 2020;
      if (plain) {
        totals[at] = (totals[at] ?? 0) + (44 / 12) * Number(limit) * grown * (1 + Number(r)) * Number(cf) * Number(stratum.area_ha);
      } else {
        const above = new Decimal(limit).times(new Decimal(grown.toPrecision(12)));
        const stock = above.times(new Decimal(1).plus(r)).times(stratum.area_ha).times(cf).times(44).div(12);
        totals[at] = (totals[at] ?? new Decimal(0)).plus(stock);
      }
    }
  }
  return String(totals[40]);
}

/** Σ 44/12 × a × D^b × H^c × WD × BEF × (1 + R) × CF. */
function trees(input, plain) {
  const { trees: table, equations: [equation] } = JSON.parse(input);
  const of = (name) => number(`species.${equation.species}.${name}`);
  const [wd, bef, r, cf] = [of('wd'), of('bef'), of('r'), of('cf')];
  const a = plain ? Number(equation.a_millionths) / 1e6 : new Decimal(equation.a_millionths).div(1e6);
  const [b, c] = [Number(equation.b), Number(equation.c)];
  let total = plain ? 0 : new Decimal(0);
  for (const line of table.trim().split('\n').slice(1)) {
    const [, , diameter, height] = line.split(',');
    if (plain) {
      const volume = a * Math.pow(Number(diameter), b) * Math.pow(Number(height), c);
      total += (44 / 12) * volume * Number(wd) * Number(bef) * (1 + Number(r)) * Number(cf);
    } else {
      const volume = a.times(power(Number(diameter), b)).times(power(Number(height), c));
      total = total.plus(volume.times(wd).times(bef).times(new Decimal(1).plus(r)).times(cf).times(44).div(12));
    }
  }
  return String(total);
}

// --- run ----------------------------------------------------------------------------------------------------------
function bestOf(runs, work, ...input) {
  let best = Infinity;
  let sum = '';
  for (let run = 0; run < runs; run += 1) {
    const start = process.hrtime.bigint();
    sum = String(input.length > 0 ? work(...input) : work(COUNT));
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

const [strataInput, treesInput] = [wasm.strata_input(), wasm.trees_input()];
const longStrata = [
  ['native', native.strata],
  ['WebAssembly in Node', bestOf(3, wasm.strata, strataInput)],
  ['JavaScript, decimal.js', bestOf(3, strata, strataInput, false)],
  ['JavaScript, plain numbers', bestOf(3, strata, strataInput, true)],
];
const longTrees = [
  ['native', native.trees],
  ['WebAssembly in Node', bestOf(3, wasm.trees, treesInput)],
  ['JavaScript, decimal.js', bestOf(3, trees, treesInput, false)],
  ['JavaScript, plain numbers', bestOf(3, trees, treesInput, true)],
];

function print(title, rows, each = COUNT) {
  const base = rows[0][1].us;
  console.log(`\n${title}`);
  for (const [name, { us }] of rows) {
    const columns = [
      name.padEnd(26),
      `${(us / 1000).toFixed(2).padStart(9)} ms`,
      `${(us / each).toFixed(3).padStart(9)} µs each`,
      `${(us / base).toFixed(2).padStart(7)} x native`,
    ];
    console.log(`  ${columns.join('  ')}`);
  }
}

console.log(`${COUNT.toLocaleString('en')} ten-year calculations, eleven calendar-year lines each; best run; Node ${process.version}`);
print('The formula alone, from text to whole tonnes', formula);
print('The complete calculator, with checks, factor tables, steps and notes', calculator);

print('1,000 strata over 40 years (native and WebAssembly: the complete calculator from JSON to JSON; per stratum and year)', longStrata, 40_000);
print('100,000 measured trees (native and WebAssembly: the complete calculator from JSON to JSON; per tree)', longTrees, 100_000);

for (const rows of [longStrata, longTrees]) {
  const totals = rows.map(([, { sum }]) => Number(sum));
  if (rows[0][1].sum !== rows[1][1].sum || totals.some((total) => !(Math.abs(total / totals[0] - 1) < 1e-9))) {
    console.error(`\nThe stocks differ: ${rows.map(([name, { sum }]) => `${name} ${sum}`).join(', ')}`);
    process.exit(1);
  }
}

const sums = new Set([...formula, ...calculator].map(([, { sum }]) => sum));
if (sums.size !== 1) {
  console.error(`\nThe totals differ: ${[...sums].join(', ')}`);
  process.exit(1);
}
console.log(`\nAll give the same total: ${[...sums][0]} t`);
