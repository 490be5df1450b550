// Follows the public log of a Huitan registry (docs/public-log.md). Node.js 20 or newer, nothing else.
//
//   node follow-log.mjs https://registry.example.org state.json [--key '<name>+<id>+<base64>']
//
// Reads every entry since the last time, computes the whole tree again, checks the signature of the head, and that no serial number was
// issued twice, retired twice, or retired before it was issued. What it has seen is kept in the state file: run it as often as you like,
// and keep the file. The key is taken from the registry the first time (note it down, or give the one you know with --key) and is never
// changed by itself. Exit code: 0 all is well, 1 something is wrong, 2 it could not look.

import { createHash, createPublicKey, verify } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

const [base, file, ...rest] = process.argv.slice(2);
if (!base || !file) stop(2, "usage: node follow-log.mjs <address of the registry> <state file> [--key <key>]");
const given = rest[0] === "--key" ? rest[1] : undefined;

function stop(code, text) {
  console.log(text);
  process.exit(code);
}

async function get(path) {
  let answer;
  try {
    answer = await fetch(base.replace(/\/$/, "") + "/api/v1" + path);
  } catch (error) {
    stop(2, `no answer from ${base}: ${error.cause?.message ?? error.message}`);
  }
  if (!answer.ok) stop(answer.status === 404 ? 1 : 2, `${path}: ${answer.status}`);
  return answer.json();
}

// --- signed heads: c2sp.org/signed-note with an Ed25519 key, c2sp.org/tlog-checkpoint

function readKey(text) {
  const [name, id, ...parts] = text.split("+");
  const bytes = Buffer.from(parts.join("+"), "base64");
  if (bytes.length !== 33 || bytes[0] !== 1) stop(1, `not an Ed25519 key: ${text}`);
  const expected = createHash("sha256").update(name).update("\n").update(bytes).digest().subarray(0, 4).toString("hex");
  if (id !== expected) stop(1, `the key's id does not fit it: ${text}`);
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), bytes.subarray(1)]);
  return { name, id, key: createPublicKey({ key: der, format: "der", type: "spki" }) };
}

function readHead(note, keyTexts) {
  const cut = note.lastIndexOf("\n\n");
  const text = note.slice(0, cut + 1);
  const [log, size, root] = text.split("\n");
  for (const line of note.slice(cut + 2).split("\n")) {
    const [dash, name, base64] = line.split(" ");
    if (dash !== "—" || name !== log) continue;
    const bytes = Buffer.from(base64 ?? "", "base64");
    for (const keyText of keyTexts) {
      const { name: owner, id, key } = readKey(keyText);
      if (owner !== name || id !== bytes.subarray(0, 4).toString("hex")) continue;
      if (!verify(null, Buffer.from(text), key, bytes.subarray(4))) stop(1, "WRONG: the signature of the head does not hold");
      return { log, size: Number(size), root: Buffer.from(root, "base64").toString("hex"), key: keyText };
    }
  }
  return stop(1, `WRONG: the head is signed by none of the keys known here. If the registry announced a new key, run this with --key.\n${note}`);
}

// --- the tree of RFC 6962, as the roots of its complete subtrees from left to right: [{ level, hash }]

const hashLeaf = (text) => createHash("sha256").update(Buffer.from([0])).update(text).digest();
const hashNode = (left, right) => createHash("sha256").update(Buffer.from([1])).update(left).update(right).digest();

function append(peaks, text) {
  let [hash, level] = [hashLeaf(text), 0];
  while (peaks.length > 0 && peaks.at(-1).level === level) {
    hash = hashNode(Buffer.from(peaks.pop().hash, "hex"), hash);
    level += 1;
  }
  peaks.push({ level, hash: hash.toString("hex") });
}

function rootOf(peaks) {
  const hashes = peaks.map((peak) => Buffer.from(peak.hash, "hex"));
  if (hashes.length === 0) return createHash("sha256").digest("hex");
  return hashes.reduceRight((right, left) => hashNode(left, right)).toString("hex");
}

// --- the serial numbers: HT-<project>-<vintage>-<first>-<last>

function take(ranges, serial, what) {
  const [, name, first, last] = /^HT-(.+)-(\d+)-(\d+)$/.exec(serial) ?? stop(1, `WRONG: not a serial number: ${serial}`);
  const [start, end] = [Number(first), Number(last)];
  const own = (ranges[name] ??= []);
  // sorted and apart, so two neighbours are enough
  let at = own.findIndex((range) => range[1] >= start);
  if (at < 0) at = own.length;
  if (at < own.length && own[at][0] <= end) stop(1, `WRONG: ${serial} was ${what} twice`);
  own.splice(at, 0, [start, end]);
  for (const index of [at, at - 1]) {
    if (index >= 0 && index + 1 < own.length && own[index][1] + 1 === own[index + 1][0]) {
      own.splice(index, 2, [own[index][0], own[index + 1][1]]);
    }
  }
  return { name, start, end };
}

function account(state, leaf) {
  for (const serial of leaf.issued ?? []) take(state.issued, serial, "issued");
  if (leaf.certificate?.version) return corrected(state, leaf.certificate);
  if (leaf.certificate && state.wordings[leaf.certificate.number]) stop(1, `WRONG: ${leaf.certificate.number} was given twice`);
  if (leaf.certificate) state.wordings[leaf.certificate.number] = { version: 1, facts: factsOf(leaf.certificate) };
  for (const serial of leaf.certificate?.serials ?? []) {
    const { name, start, end } = take(state.retired, serial, "retired");
    const inside = (state.issued[name] ?? []).some((range) => range[0] <= start && end <= range[1]);
    if (!inside) stop(1, `WRONG: ${serial} was retired and never issued`);
  }
}

// A correction changes the wording only: the same tonnes and numbers, and the next version.
const factsOf = ({ quantity, serials }) => createHash("sha256").update(JSON.stringify([quantity, serials])).digest("hex");

function corrected(state, certificate) {
  const before = state.wordings[certificate.number];
  if (!before) stop(1, `WRONG: ${certificate.number} was corrected before it was given`);
  if (before.facts !== factsOf(certificate)) stop(1, `WRONG: the correction of ${certificate.number} changes its tonnes or numbers`);
  if (certificate.version !== before.version + 1) stop(1, `WRONG: ${certificate.number} has version ${certificate.version} after ${before.version}`);
  before.version = certificate.version;
}

const tonnes = (ranges) => Object.values(ranges).flat().reduce((sum, [start, end]) => sum + end - start + 1, 0);

// --- one look

const fresh = { keys: [], size: 0, root: "", peaks: [], issued: {}, retired: {}, certificates: 0, wordings: {}, corrections: 0 };
// a state file from before corrections were known is read from the first entry again: the tree must still come to the same root
const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : fresh;
const state = kept.wordings ? kept : { ...fresh, keys: kept.keys };
if (given && !state.keys.includes(given)) state.keys.push(given);
if (state.keys.length === 0) {
  state.keys = (await get("/log/keys")).items.map((key) => key.key);
  console.log(`trusting from now on: ${state.keys.join(", ")}`);
}
const head = readHead((await get("/log/head")).note, state.keys);
if (head.size < (kept.size ?? 0)) stop(1, `WRONG: the log had ${kept.size} entries and now has ${head.size}`);
let next = state.size;
while (next < head.size) {
  const page = await get(`/log/entries?after=${next}&limit=200`);
  if (page.items.length === 0) stop(1, `WRONG: entry ${next} is missing`);
  for (const entry of page.items.slice(0, head.size - next)) {
    if (entry.number !== next) stop(1, `WRONG: entry ${next} is missing`);
    append(state.peaks, entry.leaf);
    const leaf = JSON.parse(entry.leaf);
    account(state, leaf);
    if (leaf.certificate?.version) state.corrections += 1;
    else if (leaf.certificate) state.certificates += 1;
    next += 1;
    if (next === kept.size && rootOf(state.peaks) !== kept.root) stop(1, "WRONG: the log was changed since the last look");
  }
}
const root = rootOf(state.peaks);
if (root !== head.root) stop(1, `WRONG: the entries give the root ${root}, the signed head says ${head.root}: the log was changed`);
Object.assign(state, { size: head.size, root });
// a state file is complete or it is the old one
writeFileSync(`${file}.new`, JSON.stringify(state));
renameSync(`${file}.new`, file);
console.log(
  `${head.log}: ${head.size} entries, root ${root}, signed by ${head.key}; ` +
    `${tonnes(state.issued)} t issued, ${tonnes(state.retired)} t retired in ${state.certificates} certificates, ${state.corrections} corrections of wording`,
);
