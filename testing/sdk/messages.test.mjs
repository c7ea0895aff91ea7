// The official JavaScript SDK against a running Parley: PARLEY_URL and PARLEY_KEY say where.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';

const baseURL = process.env.PARLEY_URL;
const client = new Anthropic({ baseURL, apiKey: process.env.PARLEY_KEY });
const question = {
  model: 'parley-base',
  max_tokens: 100,
  temperature: 0,
  messages: [{ role: 'user', content: 'What is the capital of France?' }],
};
const textOf = (message) => message.content.map((block) => block.text).join('');

test('answers a question', async () => {
  const message = await client.messages.create(question);
  assert.equal(message.model, 'parley-base');
  assert.equal(message.stop_reason, 'end_turn');
  assert.match(textOf(message), /Paris/);
  assert.ok(message.usage.input_tokens > 5 && message.usage.output_tokens > 3);
});

test('streams the same answer in several pieces', async () => {
  const pieces = [];
  const stream = client.messages.stream(question).on('text', (text) => pieces.push(text));
  const streamed = await stream.finalMessage();
  const whole = await client.messages.create(question);
  assert.equal(textOf(streamed), textOf(whole));
  assert.equal(pieces.join(''), textOf(whole));
  assert.ok(pieces.length > 1);
  assert.deepEqual(streamed.usage, whole.usage);
});

test('raw events come in the order of the protocol', async () => {
  const types = [];
  for await (const event of await client.messages.create({ ...question, stream: true })) types.push(event.type);
  assert.equal(types[0], 'message_start');
  assert.equal(types[1], 'content_block_start');
  assert.deepEqual(types.slice(-3), ['content_block_stop', 'message_delta', 'message_stop']);
  assert.ok(types.slice(2, -3).every((type) => type === 'content_block_delta' || type === 'ping'));
});

test('aliases lead to a model that says its own name', async () => {
  const message = await client.messages.create({ ...question, model: 'claude-opus-4-8' });
  assert.equal(message.model, 'parley-base');
});

test('counts the tokens that the answer will bill', async () => {
  const { model, messages } = question;
  const counted = await client.messages.countTokens({ model, messages });
  const message = await client.messages.create(question);
  assert.equal(counted.input_tokens, message.usage.input_tokens);
});

test('lists and retrieves models', async () => {
  const ids = [];
  for await (const model of client.models.list({ limit: 1 })) ids.push(model.id);
  assert.ok(ids.includes('parley-base') && ids.includes('parley-mini'));
  assert.equal((await client.models.retrieve('parley-mini')).id, 'parley-mini');
});

test('errors arrive as the classes of the SDK', async () => {
  const wrong = new Anthropic({ baseURL, apiKey: 'sk-parley-wrong' });
  await assert.rejects(wrong.messages.create(question), Anthropic.AuthenticationError);
  await assert.rejects(client.messages.create({ ...question, model: 'nobody' }), Anthropic.NotFoundError);
  await assert.rejects(client.messages.create({ ...question, max_tokens: 0 }), (error) => {
    assert.ok(error instanceof Anthropic.BadRequestError);
    assert.match(error.message, /max_tokens/);
    return true;
  });
});

test('stop sequences end the answer and are named', async () => {
  const message = await client.messages.create({ ...question, stop_sequences: ['Fra'] });
  assert.equal(message.stop_reason, 'stop_sequence');
  assert.equal(message.stop_sequence, 'Fra');
  assert.ok(!textOf(message).includes('Fra'));
});

test('a stream can be aborted and the server goes on', async () => {
  const stream = client.messages.stream({ ...question, messages: [{ role: 'user', content: 'Tell me a joke' }] });
  stream.on('text', () => stream.abort());
  await assert.rejects(stream.done(), Anthropic.APIUserAbortError);
  assert.match(textOf(await client.messages.create(question)), /Paris/);
});
