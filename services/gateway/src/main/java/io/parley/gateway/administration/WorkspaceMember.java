package io.parley.gateway.administration;

/** A person in a workspace. */
public record WorkspaceMember(String workspaceId, String memberId, WorkspaceRole role) {}
