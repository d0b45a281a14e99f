using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Features.Police.HandOver;

/// <summary>Why a package is not made now.</summary>
public static class HandOverErrors
{
    public static readonly Error EvidenceDamaged = new("evidence_damaged", ErrorKind.Internal, "An original is missing or is not what was stored. The operator has been told.");
    public static readonly Error LedgerBehind = new("ledger_behind", ErrorKind.Unavailable, "The custody ledger has not been published up to here yet. Try again shortly.");
}
