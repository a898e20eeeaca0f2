import { fareOf, scenarios } from './change';

test.each(
  scenarios.withoutGain.slice(0, 3).map((scenario, index) => [scenario.name, scenario, index] as const),
)('where nothing has changed and %s, hardly a class seems to have gained', (_name, scenario, index) => {
  expect(fareOf(scenario, 31 + index).above).toBeLessThan(0.03);
});

test.each(scenarios.withGain.map((scenario, index) => [scenario.name, scenario, index] as const))(
  'of classes with %s, the interval holds the gain in 94 to 97 of 100',
  (_name, scenario, index) => {
    const { holds } = fareOf(scenario, 97 + index);
    expect(holds).toBeGreaterThan(0.94);
    expect(holds).toBeLessThan(0.97);
  },
);
