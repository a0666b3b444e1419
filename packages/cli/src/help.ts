// Help, made of the table of commands.
import { globalOptions, type Argument, type Command, type Option } from './command.js';
import { exitCodes } from './exit-codes.js';

export function overview(commands: readonly Command[]): string {
  return [
    'sluice: the command line of the Sluice control plane',
    '',
    'Usage: sluice <command> [options]',
    '',
    'Commands:',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    '`sluice help <command>` says more. `sluice help exit-codes` lists what exit codes say.',
    'SLUICE_URL and SLUICE_TOKEN win over what `sluice login` has kept; SLUICE_TENANT and SLUICE_ENVIRONMENT too.',
    '',
  ].join('\n');
}

export function helpOf(command: Command): string {
  const { about, examples } = command;
  const options = [...command.options, ...globalOptions];
  return [
    `Usage: ${usageOf(command)}`,
    '',
    ...wrapped(about),
    '',
    ...(command.arguments.length === 0
      ? []
      : ['Arguments:', ...columns(command.arguments.map((argument) => [shown(argument), argument.about])), '']),
    'Options:',
    ...columns(options.map((option) => [optionShown(option), option.about])),
    ...(examples.length === 0
      ? []
      : ['', 'Examples:', ...columns(examples.map((example) => [example.line, example.about]))]),
    '',
  ].join('\n');
}

export function exitCodesHelp(): string {
  return ['Exit codes:', ...columns(Object.values(exitCodes).map(({ code, about }) => [String(code), about])), ''].join(
    '\n',
  );
}

export function usageOf(command: Command): string {
  return ['sluice', command.name, ...command.arguments.map(shown), '[options]'].join(' ');
}

function shown({ name, isRequired, isMany }: Argument): string {
  return (isRequired ? `<${name}>` : `[${name}]`) + (isMany === true ? '...' : '');
}

function optionShown({ name, short, value, values }: Option): string {
  const placeholder = values?.join('|') ?? value;
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${placeholder === undefined ? '' : ` <${placeholder}>`}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

const lineWidth = 100;

function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > lineWidth) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
