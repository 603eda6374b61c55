//! The terms of the W3C Data Privacy Vocabulary 2.3 that a record may name, without prefix.
//!
//! Source: <https://w3id.org/dpv/2.3>. A term that the vocabulary does not have means nothing to whoever reads the
//! record later, so a misspelt one is refused.

/// Is this a purpose (`category` of a process, `spec/record.md` §4)?
pub fn is_purpose(term: &str) -> bool {
    has(PURPOSES, term)
}

/// Is this an operation (`operations` of a process, `spec/record.md` §4)?
pub fn is_operation(term: &str) -> bool {
    has(OPERATIONS, term)
}

/// Is this a type of personal data (`type` in `data` of a process, `spec/record.md` §4)?
pub fn is_personal_data(term: &str) -> bool {
    has(PERSONAL_DATA, term)
}

/// Every purpose, in the order of the alphabet.
pub fn purposes() -> impl Iterator<Item = &'static str> {
    PURPOSES.split_ascii_whitespace()
}

/// Every operation, in the order of the alphabet.
pub fn operations() -> impl Iterator<Item = &'static str> {
    OPERATIONS.split_ascii_whitespace()
}

fn has(terms: &str, term: &str) -> bool {
    terms.split_ascii_whitespace().any(|known| known == term)
}

/// Purposes: `dpv:Purpose` and what is below it.
const PURPOSES: &str = "\
AcademicResearch AccountManagement Advertising AgeVerification CombatClimateChange CommercialPurpose \
CommercialResearch CommunicationForCustomerCare CommunicationManagement CounterMoneyLaundering \
Counterterrorism CustomerCare CustomerClaimsManagement CustomerManagement CustomerOrderManagement \
CustomerRelationshipManagement CustomerSolvencyMonitoring DataAltruism DataAvailabilityAssessment \
DataGovernance DataInteroperabilityAssessment DataInteroperabilityImprovement DataInteroperabilityManagement \
DataInventoryManagement DataQualityAssessment DataQualityImprovement DataQualityManagement \
DataSuitabilityAssessment DeliveryOfGoods DirectMarketing DisputeManagement EnforceAccessControl \
EnforceSecurity EstablishContractualAgreement FraudPreventionAndDetection FulfilmentOfContractualObligation \
FulfilmentOfObligation HumanResourceManagement IdentityAuthentication IdentityVerification \
ImproveExistingProductsAndServices ImproveHealthcare ImproveInternalCRMProcesses ImprovePublicServices \
ImproveTransportMobility IncreaseServiceRobustness InternalResourceOptimisation LegalCompliance \
MaintainFraudDatabase Marketing MemberPartnerManagement MetadataManagement MisusePreventionAndDetection \
NonCommercialPurpose NonCommercialResearch OptimisationForConsumer OptimisationForController \
OptimiseUserInterface OrganisationComplianceManagement OrganisationGovernance OrganisationRiskManagement \
PaymentManagement Personalisation PersonalisedAdvertising PersonalisedBenefits PersonnelBehaviourMonitoring \
PersonnelHiring PersonnelManagement PersonnelMonitoring PersonnelOffboarding PersonnelOnboarding \
PersonnelPayment PersonnelPerformanceEvaluation PersonnelPerformanceManagement \
PersonnelPerformanceMonitoring PersonnelPerformancePrediction PersonnelPromotionManagement \
PersonnelTerminationManagement PersonnelWorkloadManagement PoliticalCampaign ProtectionOfIPR \
ProtectionOfNationalSecurity ProtectionOfPublicSecurity ProvideEventRecommendations \
ProvideOfficialStatistics ProvidePersonalisedRecommendations ProvideProductRecommendations PublicBenefit \
PublicPolicyMaking PublicRelations Purpose RecordManagement RecruitmentAdvertising \
RecruitmentApplicantBackgroundCheck RecruitmentApplicantCriminalBackgroundCheck \
RecruitmentApplicantInformationAuthentication RecruitmentApplicantSelection RecruitmentApplicationAnalysis \
RecruitmentApplicationManagement RecruitmentApplicationScreening RecruitmentInterviewAnalysis \
RecruitmentInterviewAssessment RecruitmentInterviewManagement RecruitmentInterviewScheduling \
RecruitmentManagement RecruitmentTargetedAdvertising RepairImpairments RequestedServiceProvision \
ResearchAndDevelopment ScientificResearch SearchFunctionalities SellDataToThirdParties SellInsightsFromData \
SellProducts SellProductsToDataSubject ServiceAccessDetermination ServiceManagement ServiceMonitoring \
ServiceOptimisation ServicePersonalisation ServiceProvision ServiceRegistration ServiceUsageAnalytics \
SocialMediaMarketing TargetedAdvertising TechnicalServiceProvision UserInterfacePersonalisation \
VendorManagement VendorPayment VendorRecordsManagement VendorSelectionAssessment Verification \
";

/// Operations: `dpv:Processing` and what is below it.
const OPERATIONS: &str = "\
Access Acquire Adapt Aggregate Align Alter Analyse Anonymise Assess Collect Combine Consult Copy \
CrossBorderTransfer Delete Derive Destruct Disclose DiscloseByTransmission Display Disseminate Download \
Erase Export Filter Format Generate Infer MakeAvailable Match Modify Monitor Move Observe Obtain Organise \
Processing Profiling Pseudonymise Query Record Reformat Remove Restrict Retrieve Screen Share Store \
Structure Tracking TrackingByFirstParty TrackingByThirdParty Transfer Transform Transmit Use \
";

/// Personal data: the `pd:` terms, and the `dpv:` terms below `dpv:PersonalData`.
const PERSONAL_DATA: &str = "\
Accent AccountIdentifier Acquaintance Age AgeExact AgeRange ApartmentOwned Association Attitude \
Authenticating AuthenticationHistory BankAccount Behavioural Biometric BirthCountry BirthDate BirthPlace \
BloodType BrowserFingerprint BrowserHistory BrowsingBehaviour BrowsingReferral CallLog CarOwned Character \
Citizenship City CollectedPersonalData Communication CommunicationsMetadata Connection Contact \
ContextuallyAnonymisedData Country Credit CreditCapacity CreditCardNumber CreditRecord CreditScore \
CreditStanding CreditWorthiness Criminal CriminalCharge CriminalConviction CriminalOffence CriminalPardon \
CurrentEmployment CurrentLocation DNACode Demeanour Demographic DerivedPersonalData DeviceApplications \
DeviceBased DeviceOperatingSystem DeviceSoftware Dialect DigitalFingerprint Disability DisciplinaryAction \
Dislike Divorce Domicile DrugTestResult Education EducationExperience EducationQualification \
EducationTraining EmailAddress EmailAddressPersonal EmailAddressWork EmailContent Emotion EmploymentHistory \
EthnicOrigin Ethnicity External FacialExpression FacialPrint Family FamilyHealthHistory FamilyStructure \
Favourite FavouriteColour FavouriteFood FavouriteMusic Fetish Financial FinancialAccount \
FinancialAccountNumber FinancialStatus Fingerprint Friend GPSCoordinate Gender GeneralReputation \
GeneratedPersonalData Genetic Geographic GroupMembership GroupProfile HairColour Health HealthHistory \
HealthRecord Height Historical HomeLocation HouseNumber HouseOwned Household IPAddress Identifier \
Identifying IdentifyingPersonalData Income IncomeBracket IndividualHealthHistory IndividualProfile Insurance \
Intention Interaction Interest Internal Job KnowledgeBelief Language LifeHistory Like LinkClicked LoanRecord \
Locality Location MACAddress MaritalStatus Marriage MedicalHealth MentalHealth Mood Name Nationality \
OfficialID Offspring Opinion Ownership PINCode Parent Passport Password PastEmployment PaymentCard \
PaymentCardExpiry PaymentCardNumber PerformanceAtWork PersonalData PersonalDocuments PersonalPossession \
Personality PhilosophicalBelief PhysicalAddress PhysicalCharacteristic PhysicalHealth PhysicalTrait Picture \
Piercing PoliticalAffiliation PoliticalOpinion PostalCode Preference Prescription PrivacyPreference \
Proclivity Professional ProfessionalCertification ProfessionalEvaluation ProfessionalExperience \
ProfessionalInterview ProfessionalTraining Profile PseudonymisedData PublicLife PubliclyAvailableSocialMedia \
Purchase PurchasesAndSpendingHabit Race Reference Region Relationship Reliability Religion ReligiousBelief \
Residency Retina RoomNumber Salary Sale School SecretText ServiceConsumptionBehaviour Sexual SexualHistory \
SexualPreference Sibling SkinTone Social SocialBehaviour SocialMedia SocialMediaCommunication SocialNetwork \
SocialStatus Street TVViewingBehaviour Tattoo Tax TechnicalKnowledge TelephoneNumber Thought Tracking \
TradeUnionMembership Transaction Transactional TravelHistory UID UserAgent Username VehicalLicenseNumber \
VehicalLicenseRegistration Vehicle VehicleLicense VehicleUsage VoiceCommunicationRecording VoiceMail \
Vulnerability Weight WorkEnvironment WorkExperience WorkHistory WorkLocation \
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_terms_of_the_specification_and_no_others() {
        for term in [
            "RequestedServiceProvision",
            "DirectMarketing",
            "CustomerRelationshipManagement",
        ] {
            assert!(is_purpose(term), "{term}");
        }
        for term in ["Collect", "Store", "Use", "Share", "Profiling"] {
            assert!(is_operation(term), "{term}");
        }
        for term in [
            "EmailAddress",
            "TelephoneNumber",
            "Name",
            "Professional",
            "Job",
            "Country",
            "PostalCode",
            "PersonalData",
        ] {
            assert!(is_personal_data(term), "{term}");
        }
        for term in [
            "",
            "Email",
            "dpv:DirectMarketing",
            "directmarketing",
            "Direct",
            "Collect Store",
        ] {
            assert!(
                !is_purpose(term) && !is_operation(term) && !is_personal_data(term),
                "{term}"
            );
        }
    }
}
