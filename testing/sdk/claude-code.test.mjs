// Claude Code, once, against a running Parley: PARLEY_URL and PARLEY_KEY say where.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

test('Claude Code gets an answer', async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'claude-home-'));
  const run = promisify(execFile)(
    path.resolve('node_modules/.bin/claude'),
    ['-p', 'What is the capital of France?'],
    {
      cwd: home,
      timeout: 120_000,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        ANTHROPIC_BASE_URL: process.env.PARLEY_URL,
        ANTHROPIC_API_KEY: process.env.PARLEY_KEY,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_TELEMETRY: '1',
      },
    },
  );
  run.child.stdin.end(); // otherwise it waits for more of the question
  const { stdout } = await run;
  assert.match(stdout, /Paris/);
});
