package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportParserTest {
  @Test
  void aRemarkThatLvmPrintsIntoItsReportIsNoPartOfIt() throws Exception {
    String report =
        """
          {
              "report": [
          Retrying with another device.
                  {
                      "vg": [
                          {"vg_uuid":"a-b", "pv_name":"/dev/vda"}
                          ,
          WARNING: something else
                          {"vg_uuid":"a-b", "pv_name":"/dev/vdb"}
                      ]
                  }
              ]
          }
        """;

    assertThat(ReportParser.rows(report, "vg"))
        .extracting(row -> ReportParser.text(row, "pv_name"))
        .containsExactly("/dev/vda", "/dev/vdb");
  }
}
