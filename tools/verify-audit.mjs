#!/usr/bin/env node
// Verifies an audit log without trusting the program that wrote it. The format: docs/audit-log.md.
// This file needs Node 18.3 or later and nothing else: take it, read it, run it anywhere.
import crypto from 'node:crypto';
import fs from 'node:fs';
import { pipeline } from 'node:stream';
import { parseArgs } from 'node:util';
import zlib from 'node:zlib';

const USAGE = `node verify-audit.mjs <export.zip | proof.json | http(s)://…/api/v1/audit/log>
    --older <file>           an older checkpoint of this log that you kept
    --key <verifier key>     the key that has to have signed, from a place you trust, or one that it handed over to
    --max-anchor-age <hours> how old the newest deposit may be
    --witness <verifier key> a witness that has to have cosigned the log, by its key from a place you trust
    --token <token>          bearer token, for a URL
    --json                   the verdicts as JSON
Exit code: 0 all is well, 1 a verdict failed, 2 it cannot be read.`;

const MB = 1 << 20, WIDTH = 256, HASH = 32, MAX_LEAF = 65_535, MAX_FILE = 64 * MB, MAX_RATIO = 200, FIVE_MINUTES = 300e6;
const EMPTY_ROOT = crypto.createHash('sha256').digest();

/** Something is not as the format says; where it strikes decides whether a verdict fails or nothing can be read. */
class Problem extends Error {}
const demand = (condition, message) => { if (!condition) throw new Problem(message); };

// ---- Verdicts ----------------------------------------------------------------------------------------------------------------

class Verdict {
  static SHOWN = 5;
  findings = []; failures = 0; detail = ''; skipped = false;
  constructor(name, failed) { this.name = name; this.failed = failed; }
  fail(problem, where = {}) {
    if (++this.failures <= Verdict.SHOWN) this.findings.push({ problem, ...where });
  }
  ok(detail) { this.detail = detail; }
  skip(reason) { this.skipped = true; this.detail = reason; }
  /** What goes wrong while reading for this verdict is a finding of it; the other verdicts go on. Returns whether all went well. */
  async reading(what, work) {
    try { await work(); return true; } catch (error) { this.fail(`${what}: ${error.message}`); return false; }
  }
  get status() { return this.failures ? 'FAILED' : this.skipped ? 'not checked' : 'ok'; }
  toJSON() {
    const { name, status, failures, findings } = this;
    return { name, status, detail: failures ? this.failed : this.detail, failures, findings };
  }
}

const newVerdicts = () => Object.fromEntries(Object.entries({
  signature: 'The checkpoint is not shown to be this log\'s.',
  root: 'The tiles do not give the root that the checkpoint signs.',
  inclusion: 'The entries are not, one for one, the ones that the tree holds.',
  consistency: 'The older checkpoint is not shown to be an earlier state of this log.',
  payloads: 'Parts do not match what the leaves committed to.',
  completeness: 'Calls are missing or too many, or times run backwards.',
  anchors: 'What was deposited elsewhere does not bear this log out.',
}).map(([name, failed]) => [name, new Verdict(name, failed)]));

// ---- Texts and bytes ---------------------------------------------------------------------------------------------------------

const utf8 = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);
const isIndex = value => Number.isSafeInteger(value) && value >= 0;

/** The bytes of a text in base64 (or base64url), or null where it is not exactly what those bytes would be written as. */
function decode(text, length, encoding = 'base64') {
  const bytes = Buffer.from(String(text), encoding);
  return bytes.toString(encoding) === text && (length === undefined || bytes.length === length) ? bytes : null;
}

/** RFC 8785: members sorted by UTF-16 code units, numbers and texts as ECMAScript writes them. */
function canonical(value) {
  if (isSorted(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  return `{${Object.keys(value).sort().map(name => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}
/** Whether JSON.stringify, which is several times faster, writes all members in their order already. */
function isSorted(value) {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isSorted);
  let last = '';
  for (const name in value) {
    if (name < last || !isSorted(value[name])) return false;
    last = name;
  }
  return true;
}

// Half a surrogate pair is no text: RFC 8785 has no form for it. (JSON.stringify escapes it; \\ud8 is a backslash and letters.)
const hasHalfSurrogate = text => text.includes('\\ud') && /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(text);

/** Microseconds since 1970; NaN where it is no time in UTC. */
function micros(text) {
  const [, seconds, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?Z$/.exec(text) ?? [];
  return Date.parse(`${seconds}Z`) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

// ---- The tree (RFC 6962) -----------------------------------------------------------------------------------------------------

const single = Buffer.alloc(1 + 3 * MAX_LEAF), pair = Buffer.alloc(1 + 2 * HASH, 1);
const sha256 = bytes => crypto.createHash('sha256').update(bytes).digest();
const leafHash = text => sha256(single.subarray(0, 1 + single.write(text, 1)));   // what is longer is no leaf, whatever its hash
function nodeHash(left, right) {
  left.copy(pair, 1);
  right.copy(pair, 1 + HASH);
  return sha256(pair);
}

/** The roots of the first n leaves for each n wanted, in one pass: `peaks` are the complete subtrees so far, largest first. */
function rootsAt(hashes, wanted) {
  const roots = new Map([[0, EMPTY_ROOT]]), sizes = new Set(wanted), count = hashes.length / HASH, peaks = [];
  for (let n = 1; n <= count; n++) {
    peaks.push(hashes.subarray((n - 1) * HASH, n * HASH));
    for (let k = n; k % 2 === 0; k /= 2) peaks.push(nodeHash(...peaks.splice(-2)));
    if (sizes.has(n)) roots.set(n, peaks.reduceRight((right, left) => nodeHash(left, right)));
  }
  return roots;
}

/** RFC 9162, 2.1.3.2: the root that a leaf's hash and its path give, or null where the path does not fit the size. */
function rootOfPath(hash, index, size, path) {
  let at = index, last = size - 1, root = hash;
  const up = () => { at = Math.floor(at / 2); last = Math.floor(last / 2); };
  for (const sibling of path) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      root = nodeHash(sibling, root);
      while (at % 2 === 0 && at !== 0) up();
    } else root = nodeHash(root, sibling);
    up();
  }
  return last === 0 ? root : null;
}

/** Where C2SP tlog-tiles keeps tile n of a tree of this size: 1234067 is x001/x234/067. */
function tilePath(level, n, width) {
  let path = String(n % 1000).padStart(3, '0');
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000))
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  return `tile/${level}/${path}${width < WIDTH ? `.p/${width}` : ''}`;
}
const tilesOf = size => Math.ceil(size / WIDTH);
const widthOf = (size, n) => Math.min(WIDTH, size - n * WIDTH);

// ---- Keys and checkpoints ----------------------------------------------------------------------------------------------------

/** A verifier key: of kind 1 for checkpoints, of kind 4 for the cosignatures of witnesses (C2SP tlog-cosignature). */
function readKey(text, kind = 1) {
  const [, name, id, base64] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  const bytes = name && decode(base64, 1 + 32);
  demand(bytes && bytes[0] === kind, `${JSON.stringify(text)} is not a verifier key for ${kind === 1 ? 'Ed25519' : 'cosignatures'}`);
  const hash = sha256(Buffer.concat([Buffer.from(`${name}\n`), bytes])).toString('hex', 0, 4);
  demand(hash === id, `the key ${text} says its hash is ${id}, but it is ${hash}`);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url', 1) };
  return { text, name, id, publicKey: crypto.createPublicKey({ key: jwk, format: 'jwk' }) };
}

function readCheckpoint(bytes) {
  const text = utf8().decode(bytes);
  const found = /^((\S+)\n(0|[1-9]\d{0,15})\n(\S+)\n)(?:\n((?:— [^\s+]+ \S+\n)*))?$/u.exec(text);
  demand(found, 'is not a signed checkpoint of three lines and signatures');
  const [, signed, origin, decimal, base64, lines = ''] = found, size = Number(decimal), root = decode(base64, HASH);
  demand(root && isIndex(size), 'its size or root cannot be read');
  const signatures = lines.split('\n').slice(0, -1).map(line => {
    const [, name, blob] = line.split(' '), bytes = decode(blob);
    demand(bytes && bytes.length > 4, 'has a signature line that is not base64');
    return { name, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) };
  });
  return { signed: Buffer.from(signed), origin, size, root, signatures };
}

/** Every signature by a key we know has to verify, and one has to be there; those by keys we do not know (witnesses) say nothing. */
function checkSignatures(verdict, what, checkpoint, log, keys) {
  const signers = new Set();
  if (checkpoint.origin !== log) verdict.fail(`${what} is of another log`, { expected: log, found: checkpoint.origin });
  for (const { name, id, signature } of checkpoint.signatures)
    for (const key of keys.filter(key => key.name === name && key.id === id))
      if (signature.length === 64 && crypto.verify(null, checkpoint.signed, key.publicKey, signature)) signers.add(key.text);
      else verdict.fail(`${what} has a signature under the name of the key ${key.text} that this key did not make`);
  if (signers.size === 0) verdict.fail(`${what} has no valid signature by a key of this log`);
  return signers;
}

/** The keys of this log: those that come with it, if they are well made, and the one that was given. */
function knownKeys(verdict, log, texts, pinned) {
  const keys = new Map();
  for (const text of texts)
    try {
      const key = readKey(text);
      demand(key.name === log, `the key ${text} is not of the log ${log}`);
      keys.set(text, key);
    } catch (error) { verdict.fail(error.message); }
  if (pinned && pinned.name !== log) verdict.fail('the key given is of another log', { expected: pinned.name, found: log });
  else if (pinned) keys.set(pinned.text, pinned);
  return [...keys.values()];
}

/** The checkpoints at changes of the key. */
function readHandovers(verdict, texts) {
  const notes = [];
  for (const text of texts)
    try { notes.push(readCheckpoint(Buffer.from(String(text)))); } catch (error) { verdict.fail(`a handover of the key ${error.message}`); }
  return notes;
}

/** The keys that can be trusted once some are: a checkpoint that a trusted key has signed together with another hands over to that. */
function heirsOf(trusted, handovers, log, keys) {
  const heirs = new Set(trusted), signers = handovers.map(note => [...checkSignatures(new Verdict(), 'it', note, log, keys)]);
  for (let before = -1; heirs.size > before;) {
    before = heirs.size;
    for (const texts of signers) if (texts.some(text => heirs.has(text))) texts.forEach(text => heirs.add(text));
  }
  return heirs;
}

function checkSignature(verdict, checkpoint, log, keys, pinned, handovers) {
  if (!/^governance\/audit\/[0-9a-f]{32}$/.test(log)) verdict.fail(`${JSON.stringify(log)} is not the origin of an audit log`);
  const signers = checkSignatures(verdict, 'the checkpoint', checkpoint, log, keys);
  const heirs = pinned && heirsOf([pinned.text], handovers, log, keys);
  if (pinned && ![...signers].some(text => heirs.has(text))) verdict.fail('the checkpoint is not signed by the key given, nor by one that it handed over to',
    { expected: pinned.text, found: [...signers].join(', ') || 'none' });
  verdict.ok(pinned && signers.has(pinned.text) ? `Signed by the key given, ${pinned.text}.`
    : pinned ? `Signed by ${[...signers].join(' and ')}, to which the key given handed over.`
    : `Signed by ${[...signers].join(' and ')}. The key was not pinned: it came with the log itself. Compare it with the one you `
      + 'know, or give that with --key.');
}

// ---- What the tiles show: root, consistency, anchors -------------------------------------------------------------------------

function checkTree(verdicts, checkpoint, hashes, log, keys, older, anchors, handovers, options) {
  const { root, consistency } = verdicts, held = hashes.length / HASH;
  const roots = rootsAt(hashes, [checkpoint?.size, older?.size, ...[...anchors, ...handovers].map(point => point?.size)]);
  const compare = (verdict, what, size, expected) => {
    const found = roots.get(size);
    if (!found) verdict.fail(`${what} is over ${size} entries, but the tiles hold ${held}`);
    else if (!found.equals(expected)) verdict.fail(`${what}: the first ${size} hashes give another root`,
      { expected: expected.toString('base64'), found: found.toString('base64') });
    return found?.equals(expected);
  };

  if (checkpoint) compare(root, 'the checkpoint', checkpoint.size, checkpoint.root);
  else root.fail('there is no checkpoint to compare the tiles with');
  for (const note of handovers) compare(root, 'the checkpoint at a change of the key', note.size, note.root);
  root.ok(`The ${checkpoint?.size} hashes of the tiles give the checkpoint's root.`);

  if (older) {
    checkSignatures(consistency, 'the older checkpoint', older, log, keys);
    if (older.size === 0) consistency.fail('the older checkpoint is of an empty log, which every log continues');
    else if (checkpoint && older.size > checkpoint.size)
      consistency.fail('the older checkpoint is larger than the log', { expected: `at most ${checkpoint.size}`, found: older.size });
    else compare(consistency, 'the older checkpoint', older.size, older.root);
    consistency.ok(`The log still begins with the ${older.size} entries of the older checkpoint.`);
  } else consistency.skip('No older checkpoint was given (--older).');
  checkAnchors(verdicts.anchors, anchors, compare, checkpoint, log, options);
}

/** Without a key that was given: who signed the older checkpoint has to have signed the newest, or handed over to who did. */
function checkSuccession(verdict, checkpoint, older, handovers, log, keys, pinned) {
  if (!checkpoint || !older || pinned) return;
  const [before, now] = [older, checkpoint].map(note => [...checkSignatures(new Verdict(), 'it', note, log, keys)]);
  const heirs = heirsOf(before, handovers, log, keys);
  if (before.length > 0 && !now.some(key => heirs.has(key)))
    verdict.fail('no key that signed the older checkpoint signed the newest, or handed over to one that did; if the key was changed, ask for the new one and give it with --key',
      { expected: before.join(' or '), found: now.join(', ') || 'none' });
}

/** When a witness cosigned a deposited checkpoint, in microseconds; null where the receipt is not a good cosignature by it. */
function cosignedAt(anchor, root, log, witness) {
  const [, name, blob] = /^— (\S+) (\S+)$/u.exec(anchor.receipt) ?? [], bytes = blob && decode(blob, 4 + 8 + 64);
  if (!bytes || name !== witness.name || bytes.toString('hex', 0, 4) !== witness.id) return null;
  const seconds = bytes.readBigUInt64BE(4), text = `${log}\n${anchor.size}\n${root.toString('base64')}\n`;
  if (seconds > BigInt(Math.floor(Date.now() / 1000) + 300)) return null;
  const signed = Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
  return crypto.verify(null, signed, witness.publicKey, bytes.subarray(12)) ? Number(seconds) * 1_000_000 : null;
}

function checkAnchors(verdict, anchors, compare, checkpoint, log, { 'max-anchor-age': maxAge, witness }) {
  let newest = null, cosigned = null;
  for (const anchor of anchors) {
    const what = `the deposit ${JSON.stringify(anchor?.kind)} of ${anchor?.at} at ${JSON.stringify(anchor?.target)}`;
    const root = decode(anchor?.root, HASH), at = micros(anchor?.at);
    if (!isIndex(anchor?.size) || !root || Number.isNaN(at)) verdict.fail(`${what} has no size, root or time that can be read`);
    else if (checkpoint && anchor.size > checkpoint.size) verdict.fail(`${what} is larger than the log`, { found: anchor.size });
    else if (at > Date.now() * 1000 + FIVE_MINUTES) verdict.fail(`${what} is in the future`);
    else if (compare(verdict, what, anchor.size, root)) {
      if (!(newest?.time > at)) newest = { ...anchor, time: at };
      const when = witness && cosignedAt(anchor, root, log, witness);
      if (when && !(cosigned?.time > when)) cosigned = { size: anchor.size, time: when };
    }
  }
  const hours = newest && (Date.now() - newest.time / 1000) / 3_600_000;
  if (maxAge !== undefined && !(newest && hours <= maxAge)) verdict.fail('the newest deposit that agrees is too old, or there is none',
    { expected: `at most ${maxAge} hours`, found: newest ? `${hours.toFixed(1)} hours` : 'none' });
  if (witness && !cosigned) verdict.fail('no deposit that agrees has a good cosignature by the witness given', { expected: witness.text });
  if (!newest) return verdict.skip('Nothing was deposited elsewhere, so far as the export says.');
  verdict.ok((cosigned ? `${witness.name} cosigned the first ${cosigned.size} entries at ${time(cosigned.time)}. ` : '') + `All ${anchors.length} deposits agree with the tree; the newest, of ${newest.at} over ${newest.size} entries, is `
    + `${hours.toFixed(1)} hours old. That they are really there, look up with ${JSON.stringify(newest.target)}.`);
}

// ---- What the entries show: inclusion, payloads, completeness ----------------------------------------------------------------

/** Finds ids that occur twice, in 24 to 32 bytes an id where a Set takes a hundred: a hash table with open addressing. */
class Ids {
  count = 0; seed = crypto.randomInt(2 ** 31);
  constructor(capacity) {
    this.ids = Buffer.alloc(capacity * 16);
    this.slots = new Uint32Array(2 ** Math.ceil(Math.log2(capacity * 2 + 1)));   // 1 + the place in `ids`, or 0
  }
  /** Whether an id, given by its 32 hex digits, is new. Past the capacity nothing is kept: no tile holds those entries anyway. */
  add(digits) {
    const { ids, slots, count } = this, at = count * 16;
    if (at === ids.length) return true;
    ids.write(digits, at, 'hex');
    let slot = this.seed;
    for (let i = 0; i < 16; i += 4) slot = Math.imul(slot ^ (slot >>> 15) ^ ids.readInt32LE(at + i), 0x9E3779B1);
    for (slot ^= slot >>> 16; slots[slot &= slots.length - 1] !== 0; slot++) {
      const other = (slots[slot] - 1) * 16;
      if (ids.compare(ids, other, other + 16, at, at + 16) === 0) return false;
    }
    slots[slot] = ++this.count;
    return true;
  }
}

class Entries {
  heartbeats = []; callTimes = [];
  seen = 0; parts = 0; erased = 0; latest = -Infinity; firstAt = NaN;
  constructor(verdicts, log, size, hashes, first, erasures) {
    Object.assign(this, { verdicts, log, size, hashes, first, next: first, erasures, ids: new Ids((hashes?.length ?? HASH) / HASH) });
  }

  /** Reads one leaf, which has to be canonical, of this log, and (where there are tiles) what the tree holds at its index. */
  leaf(verdict, index, text) {
    if (!isIndex(index) || index >= this.size)
      verdict.fail('an index is outside the log', { expected: `below ${this.size}`, found: index });
    if (typeof text !== 'string') return verdict.fail('the leaf is no text', { index });
    let leaf = null;
    try { leaf = JSON.parse(text); } catch { /* said below */ }
    if (!isObject(leaf)) leaf = {};
    const where = { index, id: leaf.id }, bytes = Buffer.byteLength(text), hash = leafHash(text);
    if (canonical(leaf) !== text || hasHalfSurrogate(text)) verdict.fail('the leaf is not canonical JSON', where);
    if (bytes > MAX_LEAF) verdict.fail('the leaf is too long', { ...where, expected: `at most ${MAX_LEAF} bytes`, found: bytes });
    if (leaf.v !== 1) verdict.fail('the leaf\'s version is unknown', { ...where, expected: 1, found: leaf.v });
    if (leaf.log !== this.log) verdict.fail('the leaf is of another log', { ...where, expected: this.log, found: leaf.log });
    const at = index * HASH;
    if (this.hashes && !(at < this.hashes.length && this.hashes.compare(hash, 0, HASH, at, at + HASH) === 0))
      verdict.fail('the leaf does not hash to what the tile says', { ...where, found: hash.toString('base64'),
        expected: this.hashes.toString('base64', at, at + HASH) || 'a hash, but the tile is missing' });
    return { leaf, hash, where };
  }

  /** One entry of the export, or of the tiles, which have no `parts`. Returns the leaf's hash. */
  add(index, text, parts) {
    const { inclusion } = this.verdicts;
    this.seen++;
    if (index > this.next) inclusion.fail(`entries ${this.next} to ${index - 1} are missing`);
    else if (index < this.next) inclusion.fail('the index comes twice or out of order', { index, expected: this.next });
    if (isIndex(index) && index >= this.next) this.next = index + 1;
    const read = this.leaf(inclusion, index, text);
    if (!read) return null;
    const { leaf, hash, where } = read;
    if (!/^evt_[0-9a-f]{32}$/.test(leaf.id)) inclusion.fail('the id is not evt_ and 32 hex digits', where);
    else if (!this.ids.add(leaf.id.slice(4))) inclusion.fail('the id occurs twice', where);
    this.clock(leaf, where);
    if (parts !== undefined) this.payloads(leaf, parts, where);
    return hash;
  }

  payloads(leaf, parts, where) {
    const verdict = this.verdicts.payloads, commitments = Array.isArray(leaf.parts) ? leaf.parts : [];
    if (!Array.isArray(parts)) return verdict.fail('the parts are no list', where);
    if (parts.length !== commitments.length)
      verdict.fail('the number of parts is not the leaf\'s', { ...where, expected: commitments.length, found: parts.length });
    let heartbeat;
    for (let i = 0; i < Math.min(parts.length, commitments.length); i++) {
      const part = parts[i], { kid, commit } = commitments[i] ?? {};
      this.parts++;
      if (part?.erased === true && part.key === undefined && part.payload === undefined) {
        this.erased++;
        if (this.erasures && !this.erasures.has(kid))
          verdict.fail(`part ${i} is said to be erased, but no leaf of the log erases its key`, { ...where, expected: kid });
        continue;
      }
      const key = decode(part?.key, HASH, 'base64url');
      if (!key || !isObject(part.payload)) { verdict.fail(`part ${i} neither opens nor is erased`, where); continue; }
      const found = crypto.createHmac('sha256', key).update(canonical(part.payload)).digest('base64url');
      if (found !== commit) verdict.fail(`part ${i} does not match its commitment`, { ...where, expected: commit, found });
      if (part.payload.calls !== undefined) heartbeat ??= part.payload;
    }
    if (leaf.action === 'audit.heartbeat') this.heartbeat(heartbeat ?? {}, where);
  }

  clock(leaf, where) {
    const at = micros(leaf.at), verdict = this.verdicts.completeness;
    if (Number.isNaN(at) || leaf.at.length !== 27)
      return verdict.fail('the time is not UTC to the microsecond', { ...where, found: leaf.at });
    if (at < this.latest - FIVE_MINUTES) verdict.fail('time runs backwards by more than five minutes',
      { ...where, expected: `${time(this.latest)} or shortly before`, found: leaf.at });
    this.latest = Math.max(this.latest, at);
    if (this.seen === 1) this.firstAt = at;
    if (String(leaf.action).startsWith('call.')) this.callTimes.push(at);
  }

  heartbeat({ calls, entries, leaves, from, to }, where) {
    const verdict = this.verdicts.completeness, before = this.heartbeats.at(-1);
    const beat = { from: micros(from), to: micros(to), leaves, where };
    if (![calls, entries, leaves].every(isIndex) || !(beat.from <= beat.to))
      return verdict.fail('the heartbeat does not say its numbers and period', where);
    if (calls !== entries || calls !== leaves) verdict.fail('the heartbeat\'s numbers differ',
      { ...where, found: `${calls} calls, ${entries} entries, ${leaves} leaves` });
    if (before && before.to !== beat.from) verdict.fail('the heartbeat does not begin where the one before ended',
      { ...where, expected: time(before.to), found: from });
    this.heartbeats.push(beat);
  }

  /**
   * Compares each heartbeat with the call leaves, if all of its period is here: the manifest says so, or there is nothing outside,
   * or what is outside is too far away, since times do not run backwards by more than five minutes.
   */
  finish(complete, period) {
    const { payloads, completeness } = this.verdicts, { heartbeats, first, next, size, firstAt, latest } = this;
    const calls = Float64Array.from(this.callTimes).sort(), from = micros(period.from), to = micros(period.to);
    const before = at => {
      let low = 0, high = calls.length;
      for (let middle; low < high;) if (calls[middle = (low + high) >>> 1] < at) low = middle + 1; else high = middle;
      return low;
    };
    let compared = 0;
    for (const beat of heartbeats) {
      if (!(first === 0 || beat.from >= from || beat.from > firstAt + FIVE_MINUTES)) continue;
      if (!(next === size || beat.to <= to || beat.to <= latest - FIVE_MINUTES)) continue;
      const found = before(beat.to) - before(beat.from);
      compared++;
      if (found !== beat.leaves) completeness.fail(`the heartbeat over ${time(beat.from)} to ${time(beat.to)} counts other call.* leaves`,
        { ...beat.where, expected: beat.leaves, found });
    }
    payloads.ok(`All ${this.parts} parts match their commitments`
      + (this.erased ? `, but for ${this.erased} whose keys were erased, as leaves of the log show.` : '.'));
    if (!complete) for (const verdict of [payloads, completeness]) verdict.skip('The entries could not be read to their end.');
    else if (heartbeats.length === 0) completeness.skip('There is no heartbeat among these entries; times are in order.');
    else completeness.ok(`${heartbeats.length} heartbeats join from ${time(heartbeats[0].from)} to ${time(heartbeats.at(-1).to)}, `
      + `which is how far they vouch for; the ${compared} whose period is all here count the call.* leaves that are here. `
      + 'Times are in order.');
  }
}

/** Microseconds as the log writes them. */
const time = at => `${new Date(Math.floor(at / 1000)).toISOString().slice(0, -1)}${String(at % 1000).padStart(3, '0')}Z`;

// ---- Zip ---------------------------------------------------------------------------------------------------------------------

const crcTable = Int32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xEDB88320 : n >>> 1;
  return n;
});
const crc32 = zlib.crc32 ?? ((bytes, crc) => {
  crc = ~crc;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ crcTable[(crc ^ bytes[i]) & 0xFF];
  return ~crc >>> 0;
});

/** A zip read by its central directory; where two readers could read two things from it, it is refused. */
class Zip {
  files = new Map(); unread = new Set();
  constructor(path) {
    this.fd = fs.openSync(path, 'r');
    this.length = fs.fstatSync(this.fd).size;
    const tailAt = Math.max(0, this.length - 22 - 0xFFFF), tail = this.read(tailAt, this.length - tailAt);
    let end = tail.length - 22;
    while (end >= 0 && !(tail.readUInt32LE(end) === 0x06054B50 && end + 22 + tail.readUInt16LE(end + 20) === tail.length)) end--;
    demand(end >= 0, 'it is no zip, or not whole');
    let endAt = tailAt + end, count = tail.readUInt16LE(end + 10), size = tail.readUInt32LE(end + 12), offset = tail.readUInt32LE(end + 16);
    const locator = endAt >= 76 ? this.read(endAt - 20, 20) : null;
    if (locator?.readUInt32LE(0) === 0x07064B50) {
      endAt = this.number(locator, 8);
      const record = this.read(endAt, 56), long = [32, 40, 48].map(field => this.number(record, field));
      demand(record.readUInt32LE(0) === 0x06064B50
        && [[count, 0xFFFF], [size, 0xFFFFFFFF], [offset, 0xFFFFFFFF]].every(([short, full], i) => short === full || short === long[i]),
      'the zip\'s two directory records differ');
      [count, size, offset] = long;
    }
    demand(offset + size === endAt && size <= 4 * MAX_FILE, 'the zip\'s directory is not where it is said to be, or too large');
    this.directory(this.read(offset, size), count, offset);
  }

  read(at, length) {
    const bytes = Buffer.alloc(length);
    demand(at >= 0 && at + length <= this.length && fs.readSync(this.fd, bytes, 0, length, at) === length, 'the zip ends too early');
    return bytes;
  }
  number(bytes, at) {
    demand(at + 8 <= bytes.length, 'the zip\'s directory is damaged');
    const value = Number(bytes.readBigUInt64LE(at));
    demand(value <= Number.MAX_SAFE_INTEGER, 'the zip has an absurd size');
    return value;
  }

  directory(bytes, count, end) {
    let at = 0;
    for (let i = 0; i < count; i++) {
      demand(at + 46 <= bytes.length && bytes.readUInt32LE(at) === 0x02014B50, 'the zip\'s directory is damaged');
      const [flags, method] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)], crc = bytes.readUInt32LE(at + 16);
      const nameEnd = at + 46 + bytes.readUInt16LE(at + 28), extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
      const name = bytes.toString('latin1', at + 46, nameEnd), sizes = [24, 20, 42].map(field => bytes.readUInt32LE(at + field));
      for (let extra = nameEnd; extra + 4 <= extraEnd; extra += 4 + bytes.readUInt16LE(extra + 2))
        if (bytes.readUInt16LE(extra) === 1) {
          let field = extra + 4;
          for (let j = 0; j < 3; j++) if (sizes[j] === 0xFFFFFFFF) { sizes[j] = this.number(bytes, field); field += 8; }
        }
      const [size, packed, offset] = sizes;
      demand(!this.files.has(name), `the zip holds ${name} twice`);
      demand((flags & 1) === 0 && (method === 8 || (method === 0 && size === packed)),
        `the zip holds ${name} in a way that is not read here`);
      demand(size <= MAX_FILE || /^(entries|erasures)\.ndjson$/.test(name), `${name} is too large`);
      demand(size <= MAX_RATIO * packed + 1024, `${name} would inflate from ${packed} to ${size} bytes, which makes no sense`);
      this.files.set(name, { name, method, crc, size, packed, offset, end });
      at = extraEnd + bytes.readUInt16LE(at + 32);
    }
    demand(at === bytes.length, 'the zip\'s directory holds more than it counts');
    const inOrder = [...this.files.values()].sort((a, b) => a.offset - b.offset);
    inOrder.forEach((file, i) => { file.end = inOrder[i + 1]?.offset ?? end; });
    this.unread = new Set(this.files.keys());
  }

  /** The bytes of a file, in pieces; throws where they are not as many, or not those, that the directory says. */
  async *pieces(name) {
    const file = this.files.get(name);
    demand(file, `${name} is missing`);
    this.unread.delete(name);
    const head = this.read(file.offset, 30), nameLength = head.readUInt16LE(26);
    const start = file.offset + 30 + nameLength + head.readUInt16LE(28);
    demand(head.readUInt32LE(0) === 0x04034B50 && this.read(file.offset + 30, nameLength).toString('latin1') === name
      && start + file.packed <= file.end, 'what the zip holds there is another file');
    let size = 0, crc = 0;
    if (file.packed > 0) {
      const raw = fs.createReadStream(null, { fd: this.fd, autoClose: false, start, end: start + file.packed - 1, highWaterMark: MB / 4 });
      const settings = { chunkSize: Math.min(MB / 4, file.size + 64), readableHighWaterMark: MB };   // inflates ahead, in another thread
      const inflate = file.method === 8 ? pipeline(raw, zlib.createInflateRaw(settings), () => {}) : null;
      for await (const piece of inflate ?? raw) {
        size += piece.length;
        demand(size <= file.size, 'it is longer than the zip says');
        crc = crc32(piece, crc);
        yield piece;
      }
      demand(!inflate || inflate.bytesWritten === file.packed, 'the zip holds something behind its end');
    }
    demand(size === file.size && crc === file.crc, 'its size or checksum is not what the zip says');
  }

  async whole(name) {
    const pieces = [];
    for await (const piece of this.pieces(name)) pieces.push(piece);
    return Buffer.concat(pieces);
  }
  async json(name) { return JSON.parse(utf8().decode(await this.whole(name))); }

  /** The lines of a file, in batches. */
  async *lines(name) {
    const decoder = utf8();
    let rest = '';
    for await (const piece of this.pieces(name)) {
      const batch = decoder.decode(piece, { stream: true }).split('\n');
      batch[0] = rest + batch[0];
      rest = batch.pop();
      demand(rest.length <= MAX_FILE, 'a line is too long');
      yield batch;
    }
    rest += decoder.decode();
    if (rest) yield [rest];
  }
}

// ---- The three things that can be verified -----------------------------------------------------------------------------------

async function verifyExport(path, verdicts, { pinned, olderFile, ...options }) {
  const zip = new Zip(path), { signature, root, inclusion, consistency, payloads, anchors } = verdicts;
  const manifest = await zip.json('manifest.json') ?? {}, { log, size, first, count } = manifest;
  demand(manifest.format === 'governance-audit-export/1', 'its format is not governance-audit-export/1');
  demand(typeof log === 'string' && [size, first, count].every(isIndex), 'its manifest cannot be read');

  let checkpoint = null, older = null, texts = [], notes = [], deposits = [];
  await signature.reading('checkpoint', async () => { checkpoint = readCheckpoint(await zip.whole('checkpoint')); });
  await signature.reading('keys.json', async () => { ({ keys: texts, handovers: notes = [] } = listIn(await zip.json('keys.json'), 'keys')); });
  if (zip.files.has('anchors.json'))
    await anchors.reading('anchors.json', async () => { ({ anchors: deposits } = listIn(await zip.json('anchors.json'), 'anchors')); });
  if (olderFile) await consistency.reading('the older checkpoint', () => { older = readCheckpoint(olderFile); });
  const keys = knownKeys(signature, log, texts, pinned), handovers = readHandovers(signature, notes);
  if (checkpoint) checkSignature(signature, checkpoint, log, keys, pinned, handovers);

  const treeSize = checkpoint?.size ?? size, tiles = [...zip.files.keys()].filter(name => name.startsWith('tile/0/')).length;
  if (size !== treeSize) root.fail('the manifest says another size than the checkpoint', { expected: treeSize, found: size });
  const hashes = Buffer.alloc(Math.min(treeSize, tiles * WIDTH) * HASH);
  for (let n = 0; n < tilesOf(hashes.length / HASH); n++) {
    const width = widthOf(treeSize, n), name = tilePath(0, n, width);
    await root.reading(name, async () => {
      const bytes = await zip.whole(name);
      demand(bytes.length === width * HASH, `it holds ${bytes.length} bytes instead of ${width * HASH}`);
      bytes.copy(hashes, n * WIDTH * HASH);
    });
  }
  checkTree(verdicts, checkpoint, hashes, log, keys, older, deposits, handovers, options);
  checkSuccession(verdicts.consistency, checkpoint, older, handovers, log, keys, pinned);

  const erasures = new Set(), entries = new Entries(verdicts, log, treeSize, hashes, first, erasures);
  if (zip.files.has('erasures.ndjson')) await payloads.reading('erasures.ndjson', async () => {
    for await (const lines of zip.lines('erasures.ndjson')) for (const line of lines) {
      const { index, leaf: text } = JSON.parse(line), failures = payloads.failures, read = entries.leaf(payloads, index, text);
      const { action, resource } = read?.leaf ?? {};
      if (action !== 'subject.erased' || resource?.type !== 'data_key' || !decode(resource.ref, 16, 'base64url'))
        payloads.fail('this leaf erases no key', { index });
      else if (payloads.failures === failures) erasures.add(resource.ref);
    }
  });
  const complete = await inclusion.reading('entries.ndjson', async () => {
    for await (const lines of zip.lines('entries.ndjson')) for (const line of lines)
      try {
        const { index, leaf, parts = [] } = JSON.parse(line);
        entries.add(index, leaf, parts);
      } catch (error) { inclusion.fail(`the line after entry ${entries.next - 1} cannot be read: ${error.message}`); }
  });
  if (entries.seen !== count || entries.next !== first + count)
    inclusion.fail('the entries are not those the manifest says',
      { expected: `${count} from ${first} on`, found: `${entries.seen}, up to ${entries.next - 1}` });
  inclusion.ok(count === 0 ? 'The export holds no entries.'
    : `The ${count} entries ${first} to ${first + count - 1} hash to what the tree of ${treeSize} holds there; each id is unique.`);
  entries.finish(complete, manifest);
  return { log, size: treeSize, root: checkpoint?.root.toString('base64'), first, count, from: manifest.from, to: manifest.to,
    exportedAt: manifest.exportedAt, notCovered: [...zip.unread] };
}

const listIn = (value, name) => { demand(Array.isArray(value?.[name]), 'it holds no list'); return value; };

async function verifyProof(path, verdicts, { pinned }) {
  demand(fs.statSync(path).size <= MAX_FILE, 'it is too large for a proof');
  const file = JSON.parse(utf8().decode(fs.readFileSync(path)));
  const { signature, root, inclusion, consistency, payloads, completeness, anchors } = verdicts;
  demand(file?.format === 'governance-audit-proof/1', 'it is neither an export nor a governance-audit-proof/1');
  demand(Array.isArray(file.keys) && Array.isArray(file.proof) && typeof file.checkpoint === 'string', 'the proof cannot be read');
  const checkpoint = readCheckpoint(Buffer.from(file.checkpoint)), { origin: log, size } = checkpoint;
  checkSignature(signature, checkpoint, log, knownKeys(signature, log, file.keys, pinned), pinned, readHandovers(signature, file.handovers ?? []));

  const entries = new Entries(verdicts, log, size, null, file.index, null), hash = entries.add(file.index, file.leaf, file.parts);
  const proof = file.proof.map(text => decode(text, HASH));
  if (proof.includes(null)) inclusion.fail('a hash of the proof is not 32 bytes in base64');
  else if (hash && isIndex(file.index) && file.index < size) {
    const found = rootOfPath(hash, file.index, size, proof);
    if (!found) inclusion.fail('the proof is not as long as the tree is high', { index: file.index, found: proof.length });
    else if (!found.equals(checkpoint.root)) inclusion.fail('the proof leads to another root',
      { index: file.index, expected: checkpoint.root.toString('base64'), found: found.toString('base64') });
  }
  inclusion.ok(`The leaf is entry ${file.index} of the ${size} that the checkpoint signs.`);
  entries.finish(true, {});
  if (!('parts' in file)) payloads.skip('The proof was made for somebody who may not see the payload.');
  if (entries.erased)
    payloads.skip(`${entries.erased} of ${entries.parts} parts are said to be erased; a proof has no leaf to show it. The others match.`);
  for (const verdict of [root, consistency, completeness, anchors]) verdict.skip('A proof is about one entry alone.');
  return { log, size, root: checkpoint.root.toString('base64'), first: file.index, count: 1 };
}

async function verifyLog(url, verdicts, { pinned, olderFile, token, ...options }) {
  const base = url.replace(/\/+$/, ''), headers = token ? { authorization: `Bearer ${token}` } : {};
  const get = async (name, limit) => {
    const response = await fetch(`${base}/${name}`, { headers, redirect: 'error', signal: AbortSignal.timeout(60_000) })
      .catch(error => { throw new Problem(`${name} cannot be fetched: ${error.cause?.message ?? error.message}`); });
    if (!response.ok) throw Object.assign(new Problem(`${name} is answered with ${response.status}`), { status: response.status });
    const pieces = [];
    let length = 0;
    for await (const piece of response.body) { demand((length += piece.length) <= limit, `${name} is too long`); pieces.push(piece); }
    return Buffer.concat(pieces);
  };
  // A partial tile may be gone once the full one is there, which then begins with it.
  const tile = (level, n, size, limit) => get(tilePath(level, n, widthOf(size, n)), limit)
    .catch(error => error.status === 404 && widthOf(size, n) < WIDTH ? get(tilePath(level, n, WIDTH), limit) : Promise.reject(error));

  const { signature, root, inclusion, consistency, payloads, completeness, anchors } = verdicts;
  const checkpoint = readCheckpoint(await get('checkpoint', MB)), { size } = checkpoint, log = pinned?.name ?? checkpoint.origin;
  let texts = [], notes = [], older = null;
  const fetchKeys = async () => { ({ keys: texts, handovers: notes = [] } = listIn(JSON.parse(utf8().decode(await get('keys', MB))), 'keys')); };
  if (pinned) await fetchKeys().catch(() => {}); else await signature.reading('keys', fetchKeys);
  const keys = knownKeys(signature, log, texts, pinned), handovers = readHandovers(signature, notes);
  checkSignature(signature, checkpoint, log, keys, pinned, handovers);
  if (olderFile) await consistency.reading('the older checkpoint', () => { older = readCheckpoint(olderFile); });

  demand(size * HASH <= 2 ** 32 - HASH, 'the log is too large to be verified here');
  const hashes = Buffer.alloc(size * HASH);
  await root.reading('the tiles', () => inOrder(tilesOf(size), n => tile(0, n, size, WIDTH * HASH), (bytes, n) => {
    demand(bytes.length >= widthOf(size, n) * HASH, `tile ${n} is too short`);
    bytes.copy(hashes, n * WIDTH * HASH, 0, widthOf(size, n) * HASH);
  }));
  checkTree(verdicts, checkpoint, hashes, log, keys, older, [], handovers, options);
  checkSuccession(verdicts.consistency, checkpoint, older, handovers, log, keys, pinned);

  const entries = new Entries(verdicts, log, size, hashes, 0, null);
  const bundle = n => tile('entries', n, size, WIDTH * (2 + MAX_LEAF));
  const complete = await inclusion.reading('the entries', () => inOrder(tilesOf(size), bundle, (bytes, n) => {
    let at = 0;
    for (let i = 0; i < widthOf(size, n); i++) {
      const start = at + 2;
      demand(start <= bytes.length && (at = start + bytes.readUInt16BE(at)) <= bytes.length, `tile ${n} ends within its entry ${i}`);
      entries.add(n * WIDTH + i, utf8().decode(bytes.subarray(start, at)));
    }
    demand(at === bytes.length || widthOf(size, n) < WIDTH, `tile ${n} holds more than ${WIDTH} entries`);
  }));
  inclusion.ok(`All ${size} entries hash to what the tiles say; each id is unique.`);
  entries.finish(complete, {});
  payloads.skip('The tiles hold leaves, not payloads; an export holds both.');
  completeness.skip('What heartbeats count lies in payloads, which only an export holds; times are in order.');
  anchors.skip('Deposits are listed in an export.');
  return { log, size, root: checkpoint.root.toString('base64'), first: 0, count: size };
}

/** Loads some ahead, uses them in order. */
async function inOrder(count, load, use) {
  const loading = [];
  for (let n = 0, next = 0; n < count; n++) {
    for (; next < count && loading.length < 8; next++) { loading.push(load(next)); loading.at(-1).catch(() => {}); }
    use(await loading.shift(), n);
  }
}

// ---- The command -------------------------------------------------------------------------------------------------------------

const plain = value => String(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');   // what a log says cannot steer a terminal

function print({ ok, verdicts, ...about }) {
  console.log(plain(about.log));
  console.log(plain(`  size ${about.size}, root ${about.root ?? 'unknown'}`));
  console.log(plain(`  entries from ${about.first}: ${about.count}`
    + (about.exportedAt ? `; the export says: period ${about.from} to ${about.to}, made ${about.exportedAt}` : '')));
  for (const { name, status, detail, failures, findings } of verdicts) {
    console.log(`\n${name.padEnd(13)} ${status.padEnd(11)}  ${plain(detail)}`);
    for (const { problem, index, id, expected, found } of findings) {
      const where = [index !== undefined && `entry ${index}`, id].filter(Boolean).join(', ');
      const facts = [expected !== undefined && `expected ${expected}`, found !== undefined && `found ${found}`].filter(Boolean).join(', ');
      console.log(plain(`    - ${where}${where && ': '}${problem}${facts && '; '}${facts}`));
    }
    if (failures > findings.length) console.log(`    - and ${failures - findings.length} more`);
  }
  if (about.notCovered?.length) console.log(plain(`\nNo verdict covers these files: ${about.notCovered.slice(0, 10).join(', ')}`));
  const failed = verdicts.filter(verdict => verdict.status === 'FAILED').map(verdict => verdict.name);
  console.log(ok ? '\nWhat was checked is in order.' : `\nFAILED: ${failed.join(', ')}`);
}

async function main() {
  const text = { type: 'string' };
  const { values, positionals: [what, ...more] } = parseArgs({ allowPositionals: true,
    options: { older: text, key: text, 'max-anchor-age': text, witness: text, token: text, json: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) return console.log(USAGE);
  demand(what && more.length === 0, USAGE);
  const options = { ...values, pinned: values.key && readKey(values.key), witness: values.witness && readKey(values.witness, 4),
    olderFile: values.older && readOlder(values.older) };
  const isUrl = /^https?:\/\//.test(what), isZip = !isUrl && firstTwo(what) === 'PK', age = values['max-anchor-age'];
  demand(isZip || age === undefined, '--max-anchor-age needs an export');
  demand(isZip || !values.witness, '--witness needs an export, which holds the cosignatures');
  demand(isZip || isUrl || !values.older, '--older needs an export or a URL: a proof is about one entry alone');
  if (age !== undefined) { options['max-anchor-age'] = Number(age); demand(Number(age) > 0, '--max-anchor-age is a number of hours'); }

  const verdicts = newVerdicts(), about = await (isUrl ? verifyLog : isZip ? verifyExport : verifyProof)(what, verdicts, options);
  const list = Object.values(verdicts).map(verdict => verdict.toJSON()), ok = list.every(verdict => verdict.status !== 'FAILED');
  if (values.json) console.log(JSON.stringify({ ok, verdicts: list, ...about }, null, 2));
  else print({ ok, verdicts: list, ...about });
  process.exitCode = ok ? 0 : 1;
}

/** A checkpoint that came by mail may have got line breaks of two characters, or lost its last one. */
function readOlder(path) {
  const text = fs.readFileSync(path, 'latin1').replaceAll('\r\n', '\n');
  return Buffer.from(text.endsWith('\n') ? text : `${text}\n`, 'latin1');
}

function firstTwo(path) {
  const fd = fs.openSync(path, 'r'), bytes = Buffer.alloc(2);
  fs.readSync(fd, bytes, 0, 2, 0);
  fs.closeSync(fd);
  return bytes.toString('latin1');
}

main().catch(error => {
  console.error(error.message.split('\n').map(plain).join('\n'));
  process.exitCode = 2;
});
