package io.jenkins.plugins.remoteaccess.rebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The fields of a request to rebuild, one a line: a plan within its bounds, or a {@link Refusal}. */
class HoldPlanFormFuzzTest {
    private static final int FIELDS = 5;
    private static final int MOST = 240;

    @FuzzTest
    void fieldsMakeAPlanOrAreRefused(byte[] bytes) {
        String[] fields = Arrays.copyOf(new String(bytes, StandardCharsets.UTF_8).split("\n", FIELDS), FIELDS);
        try {
            HoldPlan plan = HoldPlanForm.plan(fields[0], fields[1], fields[2], fields[3], fields[4], false, MOST);
            assertTrue(plan.minutes() >= 0 && plan.minutes() <= MOST);
            assertEquals(plan.where() == HoldPlan.Where.STAGE, !plan.stage().isEmpty());
            plan.allow().forEach(name -> assertFalse(name.isBlank() || name.contains(","), name));
        } catch (Refusal refused) {
            assertFalse(refused.getMessage().isBlank());
        }
    }
}
