namespace ReportIntake.Domain;

public enum ActorKind
{
    Reporter,
    Moderator,
    Supervisor,
    EvidenceCustodian,
    Admin,
    PoliceClient,
    System,
}

/// <summary>Who did something, as the ledger names them. <paramref name="Id"/> is an account's or client's id; empty for reporters and the system.</summary>
public readonly record struct Actor(ActorKind Kind, Guid Id)
{
    public static Actor Reporter => new(ActorKind.Reporter, Guid.Empty);

    public static Actor System => new(ActorKind.System, Guid.Empty);

    public static Actor Moderator(Guid id) => new(ActorKind.Moderator, id);

    public static Actor Supervisor(Guid id) => new(ActorKind.Supervisor, id);

    public static Actor Police(Guid clientId) => new(ActorKind.PoliceClient, clientId);
}
