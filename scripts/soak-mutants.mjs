// Takes guarding lines away, one at a time, and wants the named test of each to turn red.
//
//   make soak-mutants SEED=7     ten of the pool, chosen by the seed (printed; drawn when not given)
//   make soak-mutants ALL=1      the whole pool
//
// Runs inside scripts/with-postgres.sh, whose database the tests and the checked queries use.
// Works on a private copy of the last commit; copy and build directory lie in MUTANTS_DIR (else target/mutants), so
// that a run uses what earlier ones built. A mutant that does not build, or whose text is not found exactly once, is an
// error, not a red test.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const pool = JSON.parse(readFileSync(join(import.meta.dirname, 'mutants.json'), 'utf8'))
const seed = Number(process.env.SEED || Math.floor(Math.random() * 2 ** 32)) >>> 0
const COUNT = 10
// For a build or a test. One that hangs without its guard is an error: it has to fail by itself.
const LONGEST_MS = 15 * 60 * 1000

const git = (...args) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim()

// A small generator with a seed (mulberry32), so that a choice can be repeated.
function chance(state) {
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

function chosen() {
  if (process.env.ALL) return pool
  const [next, rest, taken] = [chance(seed), [...pool], []]
  while (taken.length < COUNT && rest.length > 0) taken.push(...rest.splice(Math.floor(next() * rest.length), 1))
  return taken
}

if (!process.env.DATABASE_URL) throw new Error('run `make soak-mutants`; it brings its own PostgreSQL')
const home = process.env.MUTANTS_DIR ?? join(root, 'target', 'mutants')
const [tree, target] = [join(home, 'tree'), join(home, 'build')]
mkdirSync(home, { recursive: true })
if (existsSync(tree)) git('worktree', 'remove', '--force', tree)
git('worktree', 'prune')
git('worktree', 'add', '--quiet', '--detach', tree, 'HEAD')

// A changed statement is not in the query cache; the query macros check it against the live database.
function cargo(mutant, ...more) {
  const offline = !mutant.file.startsWith('crates/queunir-db/src')
  const { package: name, target: kind } = mutant
  return spawnSync('cargo', ['test', '--locked', '-p', name, '--test', kind, ...more], {
    cwd: tree,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    timeout: LONGEST_MS,
    env: { ...process.env, CARGO_TARGET_DIR: target, SQLX_OFFLINE: String(offline), RUST_BACKTRACE: '0' },
  })
}

// A test that is red anyway proves nothing: all of them have to be green before anything is taken away.
function provenGreen(mutants) {
  for (const name of new Set(mutants.map((mutant) => mutant.package))) {
    const own = mutants.filter((mutant) => mutant.package === name)
    const tests = [...new Set(own.map((mutant) => mutant.test))]
    const ran = cargo(own[0], '--', '--exact', ...tests)
    const green = new RegExp(`^test result: ok\\. ${tests.length} passed`, 'm').test(ran.stdout)
    if (!green) throw new Error(`not green before any mutation: ${name}\n${ran.stdout}\n${ran.stderr}`)
  }
}

function run(mutant) {
  const path = join(tree, mutant.file)
  const before = readFileSync(path, 'utf8')
  const parts = before.split(mutant.find)
  if (parts.length !== 2) return { verdict: `error: found ${parts.length - 1} times` }
  const line = parts[0].split('\n').length + leading(mutant.find)
  try {
    writeFileSync(path, parts.join(mutant.replace))
    const built = cargo(mutant, '--no-run')
    if (built.status !== 0) return { line, verdict: 'error: does not build', log: built.stderr }
    const ran = cargo(mutant, '--', '--exact', mutant.test)
    if (!/^running 1 test$/m.test(ran.stdout)) return { line, verdict: 'error: no such test', log: ran.stdout }
    if (/^test result: ok\. 1 passed/m.test(ran.stdout)) return { line, verdict: 'STAYED GREEN', log: ran.stdout }
    const red = /^test result: FAILED\. 0 passed; 1 failed/m.test(ran.stdout)
    return red ? { line, verdict: 'red' } : { line, verdict: 'error: the test did not end', log: ran.stderr }
  } finally {
    writeFileSync(path, before)
  }
}

// Lines at the head of a text that are empty or end a line before it.
function leading(text) {
  return text.slice(0, text.search(/\S/)).split('\n').length - 1
}

const rows = []
let bad = 0
try {
  const commit = git('rev-parse', '--short', 'HEAD')
  const which = process.env.ALL ? `all ${pool.length}` : `SEED=${seed}, ${COUNT} of ${pool.length}`
  console.log(`soak-mutants: ${which}, commit ${commit}, ${new Date().toISOString()}`)
  const mutants = chosen()
  provenGreen(mutants)
  for (const mutant of mutants) {
    const began = Date.now()
    const { line, verdict, log } = run(mutant)
    if (verdict !== 'red') {
      bad += 1
      if (log) console.error(log.split('\n').slice(-40).join('\n'))
    }
    const place = `${mutant.file.replace(/^crates\//, '')}${line ? `:${line}` : ''}`
    rows.push([mutant.name, place, mutant.test, verdict])
    console.log(`  ${verdict.padEnd(12)} ${mutant.name} (${Math.round((Date.now() - began) / 1000)} s)`)
  }
  console.log('\n| mutant | file:line | test | red? |\n| --- | --- | --- | --- |')
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
  console.log(`\nsoak-mutants: ${rows.length - bad} of ${rows.length} red`)
} finally {
  git('worktree', 'remove', '--force', tree)
}
process.exitCode = bad === 0 ? 0 : 1
