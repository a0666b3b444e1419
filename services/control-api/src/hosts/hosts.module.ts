// Claims of hosts. Listed for the application's one module.
import { HostChecks } from './host-checks.js';
import { HostsController } from './hosts.controller.js';
import { HostsService } from './hosts.service.js';
import { HostsUpkeep } from './hosts-upkeep.js';

export const hostControllers = [HostsController];
export const hostProviders = [HostChecks, HostsService, HostsUpkeep];
