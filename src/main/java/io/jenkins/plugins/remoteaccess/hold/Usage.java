package io.jenkins.plugins.remoteaccess.hold;

/**
 * How far one limit of the policy is used at this moment.
 *
 * @param kind {@code holds}, {@code agent}, {@code user}, {@code label} or {@code free}
 * @param of which agent, user or label; empty for all of this Jenkins
 * @param used how many holds there are; with {@code free}: how many executors holds leave
 * @param limit how many there may be; with {@code free}: how many holds have to leave
 */
public record Usage(String kind, String of, int used, int limit) {
    /** {@link #kind} for views. */
    public String getKind() {
        return kind;
    }

    /** {@link #of} for views. */
    public String getOf() {
        return of;
    }

    /** {@link #used} for views. */
    public int getUsed() {
        return used;
    }

    /** {@link #limit} for views. */
    public int getLimit() {
        return limit;
    }
}
