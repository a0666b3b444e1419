// What is injected by name: things that are made before Nest starts.
export const configToken = Symbol('config');
export const loggerToken = Symbol('logger');
export const databaseToken = Symbol('database');
export const authToken = Symbol('auth');
export const authPoolToken = Symbol('authPool');
export const attemptsToken = Symbol('attempts');
export const identityEventsToken = Symbol('identityEvents');
export const mailerToken = Symbol('mailer');
export const clickhouseToken = Symbol('clickhouse');
export const feedPoolToken = Symbol('feedPool');
export const requestBoundsToken = Symbol('requestBounds');
export const limitBudgetsToken = Symbol('limitBudgets');
export const proofResolverToken = Symbol('proofResolver');
export const documentToken = Symbol('document');
