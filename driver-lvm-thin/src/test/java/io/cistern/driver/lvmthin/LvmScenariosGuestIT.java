package io.cistern.driver.lvmthin;

import io.cistern.testkit.PoolFixture;

class LvmScenariosGuestIT extends LvmScenarios {
  @Override
  PoolFixture fixture() {
    return new GuestFixture(place(), GuestGroups.ONE + "/" + GuestGroups.OTHER);
  }

  @Override
  String place() {
    return GuestGroups.ONE + "/" + GuestGroups.POOL;
  }

  @Override
  void lvm(PoolFixture fixture, String... arguments) {
    GuestGroups.lvm(arguments);
  }
}
