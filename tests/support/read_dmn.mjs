// Reads DMN files as dmn-js does and prints, for each, what it holds and every warning. Usage: node read_dmn.mjs FILE…
import { readFile } from 'node:fs/promises';
import { DmnModdle } from 'dmn-moddle';

const told = {};
for (const file of process.argv.slice(2)) {
  const { rootElement, warnings } = await new DmnModdle().fromXML(await readFile(file, 'utf8'), 'dmn:Definitions');
  const decisions = (rootElement.drgElement || []).filter((one) => one.$type === 'dmn:Decision');
  told[file] = {
    warnings: warnings.map((one) => one.message),
    decisions: decisions.map((one) => ({
      id: one.id,
      hitPolicy: one.decisionLogic.hitPolicy || 'UNIQUE',
      inputs: one.decisionLogic.input.map((input) => input.inputExpression.text),
      outputs: one.decisionLogic.output.map((output) => output.name),
      rules: one.decisionLogic.rule.map((rule) => ({
        id: rule.id,
        in: rule.inputEntry.map((entry) => entry.text),
        out: rule.outputEntry.map((entry) => entry.text),
        because: rule.annotationEntry[0].text,
      })),
    })),
    shapes: rootElement.dmnDI.diagrams[0].diagramElements.map((one) => one.dmnElementRef.id),
    elements: (rootElement.drgElement || []).flatMap((one) => [
      one.id,
      ...(one.informationRequirement || []).map((need) => need.id),
      ...(one.authorityRequirement || []).map((need) => need.id),
    ]),
  };
}
console.log(JSON.stringify(told));
