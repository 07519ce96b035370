// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FunctionPathTest {

  @Test
  void arnsAndQualifiersNameTheFunction() {
    for (String reference :
        new String[] {
          "f",
          "f%3Alive",
          "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af",
          "arn:aws:lambda:us-east-1:000000000000:function:f:live",
          "000000000000:function:f"
        }) {
      assertThat(FunctionPath.parse("/2015-03-31/functions/" + reference + "/invocations"))
          .contains(new FunctionPath("f", "invocations"));
    }
  }

  @Test
  void pathWithoutOperationIsTheFunction() {
    assertThat(FunctionPath.parse("/2015-03-31/functions/f")).contains(new FunctionPath("f", ""));
  }

  @Test
  void otherPathsAreNoFunctions() {
    assertThat(FunctionPath.parse("/2015-03-31/functions/")).isEmpty();
    assertThat(FunctionPath.parse("/2015-03-31/layers/f")).isEmpty();
    assertThat(FunctionPath.parse("/2015-03-31/functions/f/invocations/more")).isEmpty();
  }
}
