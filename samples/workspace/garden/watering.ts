// When to water which bed.

export interface Bed {
  readonly name: string;
  readonly litersPerDay: number;
  readonly lastWatered: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whole days since the bed was watered last. */
export function daysSinceWatering(bed: Bed, today: Date): number {
  return Math.floor((today.getTime() - bed.lastWatered.getTime()) / DAY_MS);
}

/** Beds that have waited for at least `maxDays`, the driest first. */
export function thirstyBeds(beds: readonly Bed[], today: Date, maxDays: number): Bed[] {
  return beds
    .filter((bed) => daysSinceWatering(bed, today) >= maxDays)
    .sort((a, b) => a.lastWatered.getTime() - b.lastWatered.getTime());
}

/** Water that all beds together need for the coming days. */
export function litersNeeded(beds: readonly Bed[], days: number): number {
  let liters = 0;
  for (const bed of beds) {
    liters += bed.litersPerDay * days;
  }
  return liters;
}
