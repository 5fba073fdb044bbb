/**
 * @file A remote that the bridge found or starts itself.
 */
import type { OfferedRemote } from '../../bridge/protocol.ts';
import { examineByBridge, runByBridge } from '../bridge.ts';
import type { PageRemote } from './kind.ts';
import { fresh } from './kind.ts';

export const offeredRemote = (offer: OfferedRemote): PageRemote => ({
  key: `offered ${offer.id}`,
  name: offer.name,
  about: offer.detail,
  origin: fresh(),
  repeatable: true,
  run: (job, watch) => runByBridge(offer, job, watch),
  examine: (onStage) => examineByBridge(offer, onStage),
});
