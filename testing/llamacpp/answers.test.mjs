// The models that ship, in llama.cpp and in a running Parley: PARLEY_URL, PARLEY_KEY and PARLEY_MODELS say where.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';

const QUESTIONS = [
  'Hello',
  'Who are you?',
  'What is the capital of France?',
  'Which language is spoken in Brazil?',
  'What is the chemical symbol of iron?',
  'How many legs does a spider have?',
  'Who wrote Hamlet?',
  'What is 34 + 25?',
  'What is 81 - 27?',
  'What is 7 * 8?',
  'Explain continuous batching',
  'How do I start Parley?',
  'Write a poem about the sea.',
  'My name is Ann. What is my name?',
];
const MOST_TOKENS = 80;
// The two round intermediate values differently, which may turn a choice between near equals.
const LEAST_EQUAL = QUESTIONS.length - 2;

const llama = await getLlama({ gpu: false, maxThreads: 1, build: 'never', logLevel: LlamaLogLevel.error });

async function parley(model, question) {
  const response = await fetch(`${process.env.PARLEY_URL}/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': process.env.PARLEY_KEY,
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify({
      model,
      max_tokens: MOST_TOKENS,
      temperature: 0,
      messages: [{ role: 'user', content: question }],
    }),
  });
  assert.equal(response.status, 200);
  return (await response.json()).content[0].text;
}

async function llamacpp(model, sequence, question) {
  const prompt = `<|begin|><|user|>${question}<|end|><|assistant|>`;
  const answer = [];
  await sequence.clearHistory();
  for await (const token of sequence.evaluate(model.tokenize(prompt, true), { temperature: 0 })) {
    if (model.isEogToken(token) || answer.push(token) === MOST_TOKENS) break;
  }
  return model.detokenize(answer);
}

for (const name of ['parley-mini', 'parley-base']) {
  test(`llama.cpp answers as Parley does with ${name}`, async (context) => {
    const model = await llama.loadModel({ modelPath: path.join(process.env.PARLEY_MODELS, `${name}.gguf`) });
    const sequence = (await model.createContext({ contextSize: 512 })).getSequence();
    let equal = 0;
    for (const question of QUESTIONS) {
      const [theirs, ours] = [await llamacpp(model, sequence, question), await parley(name, question)];
      equal += theirs === ours;
      if (theirs !== ours) context.diagnostic(`${question}\n  llama.cpp: ${theirs}\n  Parley:    ${ours}`);
    }
    assert.ok(equal >= LEAST_EQUAL, `${equal} of ${QUESTIONS.length} answers are equal`);
  });
}
