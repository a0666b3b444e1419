import { expect, test } from 'vitest';
import { z } from 'zod';
import { Components } from './components.js';

const limit = z
  .strictObject({ window: z.string(), onOutage: z.enum(['deny', 'local']).default('deny') })
  .meta({ id: 'TestLimit' });
const plan = z.strictObject({ limits: z.array(limit) }).meta({ id: 'TestPlan' });
const other = z.strictObject({ name: z.string() }).meta({ id: 'TestOther' });

test('what is sent and what is answered get names of their own where they differ, through every reference', () => {
  const components = new Components([plan, other]);
  const sent = components.convert(z.strictObject({ plan, other }), 'input');
  expect(Object.keys(sent.components).toSorted()).toEqual(['TestLimitInput', 'TestOther', 'TestPlanInput']);
  expect(JSON.stringify(sent.components['TestPlanInput'])).toContain('#/components/schemas/TestLimitInput');
  expect(sent.components['TestLimitInput']).toMatchObject({ required: ['window'] });
  const answered = components.convert(plan, 'output');
  expect(answered.schema).toEqual({ $ref: '#/components/schemas/TestPlan' });
  expect(answered.components['TestLimit']).toMatchObject({ required: ['window', 'onOutage'] });
});

test('what is sent alone keeps its name', () => {
  expect(Object.keys(new Components([]).convert(plan, 'input').components)).toEqual(['TestPlan', 'TestLimit']);
});

test('two different schemas of one name fail', () => {
  const one = z.object({ a: z.string() });
  const components = new Components([]);
  components.convert(z.object({ one: one.meta({ id: 'TestTwice' }) }), 'output');
  z.globalRegistry.clear();
  expect(() =>
    components.convert(z.object({ two: z.object({ b: z.int() }).meta({ id: 'TestTwice' }) }), 'output'),
  ).toThrow('TestTwice');
});
